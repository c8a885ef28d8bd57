-- +goose Up
-- The kinds of help that were ever asked for, one look-up each.
CREATE INDEX help_requests_category ON help_requests (category);

-- +goose Down
DROP INDEX help_requests_category;
