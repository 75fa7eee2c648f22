"""One module for each live source: what is new there becomes batches of records, a request at a time."""
