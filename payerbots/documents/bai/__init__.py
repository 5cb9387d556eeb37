"""The banks' formats: account reports (BAI2) and lockbox files, proven against their own trailers."""
