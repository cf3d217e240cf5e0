"""The archived neighbours of an address: whether one that no archive ever saw is likely to have existed. Pure."""
