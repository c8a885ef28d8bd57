package web

//go:generate env CGO_ENABLED=0 go -C ../tools tool templ generate -path ../web
