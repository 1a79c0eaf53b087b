"""A stand-in for ESIA (Gosuslugi), the state's identity provider, for development and tests.

It speaks ESIA's protocol closely enough that the portal's client is the one that would face the real
one, and standard OpenID Connect beside it. A process of its own (`esia_mock.settings`): it imports
nothing from the portal, and the portal nothing from it. Its pages are Russian only, as ESIA's are.
"""
