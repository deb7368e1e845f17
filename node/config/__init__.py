"""What an operator may set: one frozen dataclass per section of config.toml."""
