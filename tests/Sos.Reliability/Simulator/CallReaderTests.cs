using Sos.Contracts.Geo;
using Sos.Simulator;
using Sos.Simulator.Calls;

namespace Sos.Reliability.Simulator;

public sealed class CallReaderTests
{
    private const string Head = "lat,lng,desc,zip,title,timeStamp,twp,addr,e\n";
    private const string Good = "40.29,-75.58,\"REINDEER CT, NORTH\",19525,EMS: BACK PAINS/INJURY,2015-12-10 17:40:00,NEW HANOVER,REINDEER CT,1\n";

    [Fact]
    public void A_row_becomes_a_call_with_kind_place_and_time()
    {
        var call = Assert.Single(Read(Head + Good).Calls);
        Assert.Equal(("medical", new GeoPoint(40.29, -75.58), new DateTime(2015, 12, 10, 17, 40, 0)), (call.Kind, call.Place, call.At));
    }

    [Theory]
    [InlineData("")]
    [InlineData("40.29")]
    [InlineData("NaN,-75.58,d,z,EMS: X,2015-12-10 17:40:00,t,a,1")]
    [InlineData("Infinity,-75.58,d,z,EMS: X,2015-12-10 17:40:00,t,a,1")]
    [InlineData("1e400,-75.58,d,z,EMS: X,2015-12-10 17:40:00,t,a,1")]
    [InlineData("90.1,-75.58,d,z,EMS: X,2015-12-10 17:40:00,t,a,1")]
    [InlineData("40,29;-75,58,d,z,EMS: X,2015-12-10 17:40:00,t,a,1")]
    [InlineData("40.29,-75.58,d,z,,2015-12-10 17:40:00,t,a,1")]
    [InlineData("40.29,-75.58,d,z,EMS: X,yesterday,t,a,1")]
    [InlineData("40.29,-75.58,\"open,z,EMS: X,2015-12-10 17:40:00,t,a,1")]
    public void A_malformed_row_is_counted_and_the_next_is_read(string row)
    {
        var file = Read(Head + row + "\n" + Good);
        Assert.Equal((1, 1, 0), (file.Calls.Count, file.Malformed, file.Outside));
    }

    [Fact]
    public void A_row_of_a_megabyte_is_malformed_and_no_more() =>
        Assert.Equal(1, Read(Head + new string('x', 1 << 20) + "\n" + Good).Malformed);

    [Fact]
    public void Calls_outside_the_county_and_swapped_coordinates_are_counted()
    {
        var county = new GeoBounds(39.9, -75.8, 40.5, -74.9);
        var file = CallReader.Read(new StringReader(
            Head + Good + Good.Replace("40.29", "41.16", StringComparison.Ordinal) + Good.Replace("40.29,-75.58", "-75.58,40.29", StringComparison.Ordinal)), county, 100);
        Assert.Equal((1, 0, 2), (file.Calls.Count, file.Malformed, file.Outside));
    }

    [Theory]
    [InlineData("EMS: CARDIAC EMERGENCY", "medical")]
    [InlineData("EMS: ASSAULT VICTIM", "safety")]
    [InlineData("EMS: SHOOTING", "safety")]
    [InlineData("Fire: FIRE ALARM", "fire")]
    [InlineData("Traffic: VEHICLE ACCIDENT -", "other")]
    public void A_title_says_the_kind(string title, string kind) => Assert.Equal(kind, EmergencyCall.KindOf(title));

    [Fact]
    public void A_file_without_the_columns_is_refused_with_a_sentence() =>
        Assert.Throws<CommandLineException>(() => Read("a,b,c\n1,2,3\n"));

    private static CallFile Read(string text) => CallReader.Read(new StringReader(text), null, 100);
}
