"""/api/covey/v1, the JSON API of this node's pages and of people's scripts: a file a resource."""
