"""Providers for `App.auth` that ask what an application logs its users in with already."""
