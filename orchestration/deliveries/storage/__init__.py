"""Deliveries that lie on an SFTP server or in S3-compatible storage: fetched into a folder of our
own, where check-in finds them as in the drop folder. Nothing is ever written or removed there.
"""
