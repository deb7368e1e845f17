"""The manners that all front ends share: routes, errors, limits, paging, streams."""
