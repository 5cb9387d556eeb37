"""Where results go: workbooks, and later queues."""
