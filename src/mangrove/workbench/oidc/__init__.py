"""Single sign-on by OpenID Connect, off unless it is set: accounts are found by it and never made."""
