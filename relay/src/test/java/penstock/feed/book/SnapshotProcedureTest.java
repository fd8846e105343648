package penstock.feed.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.telemetry.Counter;

/** Model venues whose snapshots have their parts elsewhere and follow other rules than those with a name. */
class SnapshotProcedureTest {
    private static final String FILE = """
        name = model
        connection.urls = ["ws://one.invalid/"]
        channels { book { class = order-book, default = true } }
        messages { rules = [ { name = change, match { "$/s" = "*" }, key = "$/s", kind = delta, emit = "$/s"
          seq { %s, on-gap = resnapshot }
          book { bids = "$/b", asks = "$/a", level = [p, q]
            snapshot { url = "https://rest.invalid/{symbol}", follows = %s, number = "$/data/seq | split('-', 1)"
              ts { at = "$/time", unit = us }, bids = "$/data/buy", asks = "$/data/sell", level = [price, size] } } } ] }
        """;

    @TempDir
    private Path folder;
    private SynchronizerRig rig;

    @Test
    void shouldTakeTheFirstChangeThatStraddlesTheSnapshot() throws IOException {
        begin("rule = range, first = \"$/from\", last = \"$/to\"", "straddles");
        change(5, 7, "1").change(8, 12, "2").change(13, 14, "3");
        answer(10);
        assertThat(rig.book()).isEqualTo("{bid 7.0=1.5, bid 9=3}");
        assertThat(rig.kinds).containsExactly("snapshot", "delta", "delta");
    }

    @Test
    void shouldTakeTheChangeThatNamesTheSnapshotAsTheOneBefore() throws IOException {
        begin("rule = prev, prev = \"$/from\", last = \"$/to\"", "previous");
        change(7, 10, "1").change(10, 12, "2").change(12, 14, "3");
        answer(10);
        assertThat(rig.book()).isEqualTo("{bid 7.0=1.5, bid 9=3}");
        assertThat(rig.kinds).containsExactly("snapshot", "delta", "delta");
    }

    @Test
    void shouldNotTakeAChangeThatNamesAnEarlierOneThanTheSnapshot() throws IOException {
        begin("rule = prev, prev = \"$/from\", last = \"$/to\"", "previous");
        change(7, 12, "1");
        answer(10);
        assertThat(rig.kinds).isEmpty();
        assertThat(rig.count(Counter.FEED_SNAPSHOTS_FAILED)).isOne();
    }

    @Test
    void shouldTakeAllChangesNewerThanTheSnapshot() throws IOException {
        begin("rule = increasing, at = \"$/to\"", "newer");
        change(0, 7, "1").change(0, 12, "2");
        answer(10);
        assertThat(rig.book()).isEqualTo("{bid 7.0=1.5, bid 9=2}");
    }

    @Test
    void shouldRefuseASnapshotWithoutItsParts() throws IOException {
        begin("rule = increasing, at = \"$/to\"", "newer");
        change(0, 7, "1");
        rig.lastAsked().body("{\"data\":{\"seq\":10,\"buy\":[],\"sell\":[]}}");
        assertThat(rig.count(Counter.FEED_SNAPSHOTS_FAILED)).isOne();
        rig.clock.advance(5_000);
        rig.lastAsked().body("{\"data\":{\"seq\":\"a-10\",\"buy\":[]}}");
        assertThat(rig.count(Counter.FEED_SNAPSHOTS_FAILED)).isEqualTo(2);
        assertThat(rig.kinds).isEmpty();
    }

    private void begin(final String sequence, final String follows) throws IOException {
        final Path file = Files.writeString(folder.resolve("model.conf"), FILE.formatted(sequence, follows));
        rig = new SynchronizerRig(file.toString(), "book", name -> null);
    }

    private SnapshotProcedureTest change(final long from, final long to, final String size) {
        rig.text("{\"s\":\"A\",\"from\":" + from + ",\"to\":" + to + ",\"b\":[{\"p\":\"9\",\"q\":\"" + size + "\"}],\"a\":[]}");
        return this;
    }

    private void answer(final long number) {
        rig.lastAsked().body("{\"time\":1700000000123456,\"data\":{\"seq\":\"a-" + number
            + "\",\"buy\":[{\"size\":1.5,\"price\":7.0}],\"sell\":[]}}");
    }
}
