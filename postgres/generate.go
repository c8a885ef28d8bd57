package postgres

//go:generate env CGO_ENABLED=0 go -C ../tools tool sqlc generate -f ../postgres/sqlc.yaml
