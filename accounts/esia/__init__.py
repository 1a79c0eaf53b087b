"""Sign-in through ESIA (Gosuslugi): python-social-auth drives, the modules here say what ESIA's own
dialect is and whom an ESIA identity opens the portal for.

`signing` signs our requests, `protocol` lays them out, `tokens` checks ESIA's answers, `person` reads
them, `backend` puts these together; `matching` finds the file, `linking` ties identity and account,
`pipeline` is the order of the steps, `views` the pages between them.
"""
