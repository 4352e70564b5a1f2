-- Responses of a study in the order in which they were given (service/listen/search.c reads them a page at a time).
CREATE INDEX response_by_time ON response (study_id, at, id);
