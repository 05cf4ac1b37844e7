"""Deliveries that lie on an SFTP server or in S3-compatible storage, and cannot be fetched."""

from orchestration.deliveries.texts.code_text import CodeText, remark

STORAGE: dict[str, CodeText] = {
    "STORAGE-SETTINGS": remark(
        "file",
        "the place where deliveries lie is not set as it has to be",
        "KPI_INCOMING and what belongs to it as docs/engineer.md lists them",
        "correct the setting that is named, restart Dagster and run it again",
    ),
    "STORAGE-HOST-KEY": remark(
        "file",
        "the server does not show the host key that is known of it",
        "a line for this host and port in KPI_INCOMING_KNOWN_HOSTS that has its key",
        "ask those who run the server for its key's fingerprint; only if it is theirs, put the key "
        "into that file",
    ),
    "STORAGE-DENIED": remark(
        "file",
        "the server refuses the account",
        "an account that may list and read",
        "check the account, its password or key, and its rights there",
    ),
    "STORAGE-GONE": remark(
        "file",
        "there is no such folder, bucket or prefix, or nothing lies there",
        "a place with a folder for each month",
        "check the path in KPI_INCOMING, or put the deliveries back",
    ),
    "STORAGE-UNREACHABLE": remark(
        "file",
        "the server cannot be reached, or does not answer as it should",
        "a server that answers within 30 seconds",
        "check address, network and the server; the next run fetches what is new",
    ),
    "STORAGE-FILE": remark(
        "file",
        "this file cannot be fetched",
        "a file that the account may read, to its end",
        "check its rights there, or put it there again; the next run goes on with it",
    ),
    "STORAGE-CHANGES": remark(
        "file",
        "this file changed while it was fetched",
        "a file that is completely written",
        "wait until whoever delivers it has ended; the next run fetches it",
    ),
    "STORAGE-NAME": remark(
        "file",
        "a name that no file here can have",
        "names that stay in their folder, differ in more than capitals, and are no links",
        "rename it there: data/storage/not_fetched.csv has its name",
    ),
    "STORAGE-TAKEN": remark(
        "file",
        "another file lies where this one belongs, which was not fetched from there",
        "each file from one source only",
        "deliver it in one way, and take the other file out of data/storage/files",
    ),
    "STORAGE-BESIDE": remark(
        "file",
        "files lie in the drop folder, and deliveries are fetched from elsewhere",
        "an empty data/incoming where KPI_INCOMING is set",
        "put them where KPI_INCOMING says and take them out of data/incoming",
    ),
}
