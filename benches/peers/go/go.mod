module vango.bench/peers

go 1.25.0

require github.com/vango-go/vango v0.2.4

require golang.org/x/net v0.55.0 // indirect
