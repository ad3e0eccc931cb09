using Sos.Benchmarks;
using Sos.Benchmarks.Geo;
using Sos.Benchmarks.Identity;
using Sos.Benchmarks.Privacy;
using Sos.Benchmarks.Runtime;
using Sos.Benchmarks.Zones;

// One verb a thing measured; each prints a table and returns 0.
var verbs = new VerbTable
{
    ["cells"] = new("nearest 10 within 5 km of 100,000, in the index and through grains, beside Redis", CellsBenchmark.Run),
    ["costs"] = new("grain call, SOS and position report of this build, in a table with the build that ran before: costs [seconds] [file]", CostsBenchmark.Run),
    ["grain-calls"] = new("calls/s and bytes a call of grains, beside a hand-written mailbox actor", GrainCallBenchmark.Run),
    ["identity"] = new("token checks, sign-ins, second factors and passwords, in processor time", IdentityBenchmark.Run),
    ["nearby"] = new("the whole evaluation of a report with 100 zones and 20 relatives around; bytes a person in cells; a stadium: nearby [seconds]", NearbyBenchmark.Run),
    ["positions"] = new("position reports/s into cells and through responders, beside Redis", PositionsBenchmark.Run),
    ["seal"] = new("what encryption at rest costs an alert's record: time and bytes, beside JSON alone", SealBenchmark.Run),
    ["zone-import"] = new("10,000 zones read, checked and made in the store of one process, and again under their key: zone-import [zones]", ZoneImportBenchmark.Run),
    ["zones"] = new("which of 10,000 zones hold a point; reading them from GeoJSON", ZonesBenchmark.Run),
};
BenchmarkSilo.AddVerbs(verbs);
return await verbs.Run(args);
