"""From a history of events to a case: where it stands, what is due, what may be done."""
