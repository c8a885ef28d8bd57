package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/linli/linli/aid"
)

// Territory is where people live. As a JSON file it is a territory pack:
//
//	{"name": "…", "centres": [
//	  {"id": "harbin", "name_zh": "哈尔滨", "name_en": "Harbin", "lat": 45.803, "lng": 126.535, "weight": 1001, "spread_km": 7}
//	]}
type Territory struct {
	Name    string   `json:"name"`
	Centres []Centre `json:"centres"`
}

// Centre is a city with the towns and the country about it.
type Centre struct {
	ID       aid.AreaID `json:"id"`
	NameZh   string     `json:"name_zh"`
	NameEn   string     `json:"name_en"`
	Lat      float64    `json:"lat"`
	Lng      float64    `json:"lng"`
	Weight   int        `json:"weight"`    // share of the people, against the other centres
	SpreadKm int        `json:"spread_km"` // standard deviation of homes about the city's middle
}

// NorthEast is the built-in territory. Weights are ten thousands of inhabitants.
func NorthEast() Territory {
	return Territory{"north-east", []Centre{
		{"hlj.harbin", "哈尔滨市", "Harbin", 45.803, 126.535, 1001, 7},
		{"hlj.qiqihar", "齐齐哈尔市", "Qiqihar", 47.354, 123.918, 407, 5},
		{"hlj.suihua", "绥化市", "Suihua", 46.654, 126.969, 376, 4},
		{"hlj.daqing", "大庆市", "Daqing", 46.589, 125.104, 278, 7},
		{"hlj.mudanjiang", "牡丹江市", "Mudanjiang", 44.552, 129.633, 229, 4},
		{"hlj.jiamusi", "佳木斯市", "Jiamusi", 46.800, 130.319, 216, 4},
		{"hlj.jixi", "鸡西市", "Jixi", 45.295, 130.969, 150, 4},
		{"hlj.heihe", "黑河市", "Heihe", 50.245, 127.529, 129, 3},
		{"hlj.shuangyashan", "双鸭山市", "Shuangyashan", 46.647, 131.159, 121, 4},
		{"hlj.hegang", "鹤岗市", "Hegang", 47.350, 130.298, 89, 3},
		{"hlj.yichun", "伊春市", "Yichun", 47.727, 128.899, 88, 4},
		{"hlj.qitaihe", "七台河市", "Qitaihe", 45.771, 131.003, 69, 3},
		{"hlj.daxinganling", "大兴安岭地区", "Daxing'anling", 50.424, 124.119, 33, 3},
	}}
}

// ReadTerritory reads a territory pack. Fields that are not known are refused.
func ReadTerritory(r io.Reader) (Territory, error) {
	const most = 1 << 20
	d := json.NewDecoder(io.LimitReader(r, most))
	d.DisallowUnknownFields()
	var t Territory
	if err := d.Decode(&t); err != nil {
		return Territory{}, aid.Errorf(aid.Invalid, "the territory pack is not as documented: %v", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Territory{}, aid.Errorf(aid.Invalid, "the territory pack has more in it than one JSON object, or more than %d bytes", most)
	}
	return t, t.validate()
}

func (t Territory) validate() error {
	var c aid.Check
	c.That(len(t.Centres) >= 1 && len(t.Centres) <= 1000, "centres", "has %d entries, must have 1 to 1000", len(t.Centres))
	seen := map[aid.AreaID]bool{}
	for i, at := range t.Centres {
		f := fmt.Sprintf("centres[%d]", i)
		c.That(aid.ValidID(at.ID) && !seen[at.ID], f+".id", "%q is malformed or there twice", at.ID)
		c.Within(f, aid.Point{Lat: at.Lat, Lng: at.Lng}.Validate())
		c.That(math.Abs(at.Lat) <= 80, f+".lat", "is %g, must lie in -80 to 80", at.Lat)
		c.That(at.Weight >= 1 && at.Weight <= 1_000_000, f+".weight", "is %d, must lie in 1 to 1000000", at.Weight)
		c.That(at.SpreadKm >= 1 && at.SpreadKm <= 50, f+".spread_km", "is %d, must lie in 1 to 50", at.SpreadKm)
		seen[at.ID] = true
	}
	return c.Err("territory pack")
}

// place is a point in micro-degrees.
type place struct{ lat, lng int }

// settlements are the places of a centre that people live about.
type settlements struct {
	city       place
	lngPerKm   int // micro-degrees of longitude that are a kilometre here
	towns      []place
	townWeight []int
	spread     int // metres
}

const (
	townsPerCentre = 24
	latPerKm       = 8993 // micro-degrees of latitude that are a kilometre
	regionSpread   = 8    // of towns and country, against the city's
	townSpread     = 1500 // metres
)

func (c Centre) settle(r random) settlements {
	s := settlements{
		city:     place{int(math.Round(c.Lat * 1e6)), int(math.Round(c.Lng * 1e6))},
		lngPerKm: int(math.Round(latPerKm / math.Cos(c.Lat*math.Pi/180))),
		spread:   c.SpreadKm * 1000,
	}
	for i := range townsPerCentre {
		s.towns = append(s.towns, s.about(r, s.city, s.spread*regionSpread))
		s.townWeight = append(s.townWeight, townsPerCentre-i)
	}
	return s
}

// about draws a place around another.
func (s settlements) about(r random, at place, sigma int) place {
	lat := at.lat + r.normal(sigma)*latPerKm/1000
	lng := at.lng + r.normal(sigma)*s.lngPerKm/1000
	const half, full = 180_000_000, 360_000_000
	if lng > half {
		lng -= full
	} else if lng < -half {
		lng += full
	}
	return place{min(max(lat, -half/2), half/2), lng}
}

// home draws where somebody lives.
func (s settlements) home(r random) place {
	switch n := r.below(10); {
	case n < 5:
		return s.about(r, s.city, s.spread)
	case n < 9:
		return s.about(r, s.towns[r.pick(s.townWeight)], townSpread)
	}
	return s.about(r, s.city, s.spread*regionSpread)
}

// point is the place in degrees, exact to the six decimals that files have.
func (p place) point() aid.Point {
	return aid.Point{Lat: float64(p.lat) / 1e6, Lng: float64(p.lng) / 1e6}
}
