"""Mail: written in the caller's unit, sent by a job over SMTP; without a mail server it is kept in a drawer.

Owns the table mails. `letters` says what a letter is and refuses what could forge headers; `composition` lays one out as HTML and
plain text; `mailbox` keeps letters; `delivery` hands them to the mail server.
"""
