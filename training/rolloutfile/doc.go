// Package rolloutfile reads the files of a rollout, and writes its calendar and
// its report.
//
// A rollout is a YAML file, whose fields are those of [rollout.Rollout], and two
// optional CSV files beside it that hold what is long:
//
//	areas_csv     id,name,name_zh,tier,parent,lat,lng,venue_cohorts,lecturers
//	audience_csv  area,tier,tree,organisations
//
// Unknown fields and columns are refused. Everything that is wrong is named at
// once where that is possible, with the line of the YAML file or the row of the
// CSV file, and the field.
package rolloutfile
