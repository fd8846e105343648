package penstock.venue.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.ConfigException;
import penstock.config.VenueName;
import penstock.venue.Venue;
import picocli.CommandLine;

class VenuesCommandTest {
    /** Files of no venue in particular. */
    private static final List<String> OF_NO_VENUE = List.of("demo", "json");

    private final List<Exception> failures = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void shouldListEveryVenueWithItsDayItsNeedsAndItsChannels() {
        final List<String> lines = run().lines().toList();
        assertThat(lines).hasSize(1 + VenueName.BUILT_IN.size());
        assertThat(lines.get(0)).matches("venue +checked +needs +channels");
        assertThat(lines)
            .anySatisfy(line -> assertThat(line).matches("binance +2026-\\d\\d-\\d\\d +- +quote .*trade.*"))
            .anySatisfy(line -> assertThat(line).matches("tradermade-v1 +2026-\\d\\d-\\d\\d +TRADERMADE_KEY +quote"))
            .anySatisfy(line -> assertThat(line).matches("json +- +- +quote"));
    }

    @Test
    void shouldPrintAVenueInFull() {
        assertThat(run("alpaca")).startsWith("alpaca\n  address   wss://");
        assertThat(run("polygon")).contains("\n  address   wss://","\n  checked   2026-",
            "\n  source    ", "\n  needs     POLYGON_API_KEY\n", ", the default\n", "  channel   trade, event\n");
    }

    @Test
    void shouldPrintTheAddressOfEachChannel() {
        assertThat(run("okx")).contains("\n  address   wss://ws.okx.com:8443/ws/v5/public\n",
            "\n  address   wss://ws.okx.com:8443/ws/v5/business, business\n",
            "\n  channel   candle-1h, last-value, at the address business\n");
    }

    @Test
    void shouldFindAVenueThatWasRenamedByBothNames() {
        assertThat(run("huobi")).startsWith("huobi\n  now       htx; feed.venue = huobi is the name of its file\n");
        assertThat(run("HTX")).isEqualTo(run("huobi"));
        assertThat(run("massive")).startsWith("polygon\n  now       massive; ");
        assertThat(run().lines()).anyMatch(line -> line.startsWith("huobi (htx) "))
            .anyMatch(line -> line.startsWith("polygon (massive) "));
    }

    @Test
    void shouldRefuseAVenueThatDoesNotExist() {
        assertThat(run("binnance")).isEmpty();
        assertThat(failures).singleElement().asInstanceOf(InstanceOfAssertFactories.throwable(ConfigException.class))
            .hasMessageContaining("no such venue");
    }

    @Test
    void shouldKnowTheDayOfEveryFileOfAVenue() {
        assertThat(VenueName.BUILT_IN).filteredOn(name -> !OF_NO_VENUE.contains(name)).allSatisfy(name -> {
            assertThat(Venue.load(name).checked().date()).as(name).isAfter(LocalDate.of(2026, 1, 1));
            assertThat(Venue.load(name).checked().source()).as(name).isNotBlank();
        });
    }

    @Test
    void shouldRefuseADayThatIsNone() throws IOException {
        final String quotes = Files.readString(Path.of("../config/venues/json.conf"));
        final Path file = folder.resolve("mine.conf");
        Files.writeString(file, quotes + "\nchecked { date = \"last week\", source = \"their page\" }\n");
        assertThatThrownBy(() -> Venue.load(file.toString())).isInstanceOf(ConfigException.class)
            .hasMessageContaining("checked.date: must be a day like 2026-11-30, got last week");
        Files.writeString(file, quotes + "\nchecked { date = \"2026-10-01\" }\n");
        assertThatThrownBy(() -> Venue.load(file.toString())).isInstanceOf(ConfigException.class)
            .hasMessageContaining("checked.source");
    }

    private String run(final String... names) {
        final StringWriter out = new StringWriter();
        new CommandLine(new VenuesCommand()).setOut(new PrintWriter(out))
            .setExecutionExceptionHandler((failure, command, parsed) -> failures.add(failure) ? 1 : 0).execute(names);
        return out.toString();
    }
}
