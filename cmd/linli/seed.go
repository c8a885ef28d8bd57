package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth"
	"github.com/linli/linli/demo"
	"github.com/linli/linli/matching/grid"
	"github.com/linli/linli/matching/scenario"
	"github.com/linli/linli/postgres"
)

// seedDemo fills a database with the demo data, unless it holds other people's,
// and gives a token for each demo account. Tokens stay the same from start to
// start; they are made last, so that having them says that the seeding is done.
func seedDemo(ctx context.Context, store *postgres.Store, dir string) (map[string]string, error) {
	path := filepath.Join(dir, "demo-tokens.json")
	tokens, err := readTokens(ctx, store, path)
	if err != nil || tokens != nil {
		return tokens, err
	}
	areas, err := store.Areas(ctx, aid.Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(areas.Items) > 0 && areas.Items[0].ID != demo.Province {
		return nil, aid.Errorf(aid.Invalid, "the database holds other data than the demo's; start with --seed none")
	}
	catalogue := demo.Catalogue{Skills: scenario.Skills(), Courses: scenario.Courses()}
	if err := demo.Seed(ctx, store, demoStore{store}, catalogue, homeCell); err != nil {
		return nil, err
	}
	return makeTokens(ctx, store, path)
}

func homeCell(p aid.Point) (aid.Cell, error) { return grid.CellOf(p, grid.Home) }

// readTokens gives the tokens of the starts before, or nil when not all of them
// are there and good.
func readTokens(ctx context.Context, store *postgres.Store, path string) (map[string]string, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var tokens map[string]string
	if err == nil {
		err = json.Unmarshal(b, &tokens)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	for _, role := range aid.Roles {
		token, _ := auth.ParseToken(tokens[string(role)])
		_, err := store.AccountOfToken(ctx, token.Hash(), time.Now())
		if kind := aid.KindOf(err); err != nil && (kind == aid.NotFound || kind == aid.Unknown) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return tokens, nil
}

func makeTokens(ctx context.Context, store *postgres.Store, path string) (map[string]string, error) {
	tokens := map[string]string{}
	for _, role := range aid.Roles {
		token, err := issueToken(ctx, store, demo.Account(role), "demo", time.Time{})
		if err != nil {
			return nil, err
		}
		tokens[string(role)] = token
	}
	b, err := json.MarshalIndent(tokens, "", "  ")
	if err != nil {
		return nil, err
	}
	return tokens, writePrivate(path, append(b, '\n'))
}
