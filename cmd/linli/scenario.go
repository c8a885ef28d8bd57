package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/matching/files"
	"github.com/linli/linli/matching/scenario"
)

// Scenario is `linli scenario`.
type Scenario struct {
	Volunteers int    `required:"" placeholder:"N" help:"How many volunteers."`
	Requests   int    `required:"" placeholder:"M" help:"How many requests."`
	Seed       uint64 `required:"" placeholder:"S" help:"A whole number, 0 to 18446744073709551615; the same number gives the same files."`
	Out        string `required:"" placeholder:"DIR" help:"Directory for V.csv and R.csv; made when it is not there."`
	Territory  string `placeholder:"PACK" help:"JSON file that says where people live, in place of the built-in territory."`
}

// Help is the longer text of --help.
func (Scenario) Help() string {
	return `The built-in territory is modelled on a province of north-east China with 13
prefectures. A territory pack is a JSON file of this form (weight: share of the
people; spread_km: standard deviation of homes about the city's middle, 1 to 50):

  {"name": "two towns", "centres": [
    {"id": "north", "name_zh": "北镇", "name_en": "North", "lat": 46.1, "lng": 127.0, "weight": 30, "spread_km": 4},
    {"id": "south", "name_zh": "南镇", "name_en": "South", "lat": 45.2, "lng": 127.4, "weight": 10, "spread_km": 2}
  ]}`
}

// Run writes the two files.
func (s *Scenario) Run(ctx context.Context, streams Streams) error {
	config := scenario.Config{Volunteers: s.Volunteers, Requests: s.Requests, Seed: s.Seed}
	if s.Territory != "" {
		pack, err := readTerritory(s.Territory)
		if err != nil {
			return err
		}
		config.Territory = pack
	}
	made, err := scenario.Generate(ctx, config)
	if err != nil {
		return byFlag(err, map[string]string{"volunteers": "--volunteers", "requests": "--requests"})
	}
	if err := os.MkdirAll(s.Out, 0o777); err != nil {
		return &aid.Error{Kind: aid.Unavailable, Message: err.Error(), Err: err}
	}
	v, r := filepath.Join(s.Out, "V.csv"), filepath.Join(s.Out, "R.csv")
	if err := files.Save(v, func(w io.Writer) error { return files.WriteVolunteers(w, made.Volunteers) }); err != nil {
		return err
	}
	if err := files.Save(r, func(w io.Writer) error { return files.WriteRequests(w, made.Requests) }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(streams.Out, "%s: %d volunteers\n%s: %d requests\n", v, len(made.Volunteers), r, len(made.Requests))
	return err
}

func readTerritory(path string) (scenario.Territory, error) {
	f, err := os.Open(path)
	if err != nil {
		return scenario.Territory{}, &aid.Error{Kind: aid.Invalid, Message: err.Error(), Err: err}
	}
	defer f.Close()
	t, err := scenario.ReadTerritory(f)
	if err != nil {
		return scenario.Territory{}, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}
