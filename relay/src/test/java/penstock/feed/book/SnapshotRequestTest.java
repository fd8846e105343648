package penstock.feed.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;

/** A model venue that sends changes, and the snapshot of a book on request over the same connection. */
class SnapshotRequestTest {
    private static final String FILE = """
        name = model
        connection { urls = ["ws://one.invalid/"], idle { any-frame = 0, data = 0 }, reconnect { min = 1s, max = 1s }%s }
        channels { book { class = order-book, default = true } }
        subscribe { message = "sub {symbols} {id}", unsubscribe = "unsub {symbols} {id}", batch = 1
          ack { match { "$/ok" = "*" }, correlate = "$/ok", mode = batch, timeout = 10s } }
        messages { rules = [
          { name = change, match { "$/u" = "*" }, key = "$/s", kind = delta, emit = "$/s"
            seq { rule = prev, prev = "$/p", last = "$/u", on-gap = resnapshot }
            book { bids = "$/b", asks = "$/a", level = [0, 1]
              snapshot { follows = straddles, number = "$/n", bids = "$/b", asks = "$/a"
                request = "book {symbol} {id} at {now|s}", answer { %s }, rate { permits = 100, per = 1s, spacing = 0 }, timeout = 5s } } }
          { name = refused, match { "$/no" = "*" }, as = nack }
          { name = answer, match { "$/ok" = "*" }, as = ack }
        ] }
        """;
    private static final String BY_ID = "match { \"$/ok\" = \"*\" }, ok { \"$/n\" = \"*\" }, correlate = \"$/ok\"";

    @TempDir
    private Path folder;
    private SynchronizerRig rig;

    @Test
    void shouldAskOnTheConnectionWithTheFirstChange() throws IOException {
        begin(BY_ID);
        change("A", 10, 12, "1");
        assertThat(asked()).containsExactly("book A 1 at " + rig.clock.epochUs() / 1_000_000);
        assertThat(rig.kinds).isEmpty();
        rig.text("{'ok':1,'n':11,'b':[['7','5']],'a':[]}".replace('\'', '"'));
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=1}");
        change("A", 12, 13, "2");
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=2}");
        assertThat(rig.count(Counter.FEED_SNAPSHOTS)).isOne();
        assertThat(rig.asked).as("over HTTP").isEmpty();
    }

    @Test
    void shouldTakeAnswersInAnyOrder() throws IOException {
        begin(BY_ID);
        change("A", 10, 12, "1");
        change("B", 20, 22, "2");
        change("C", 30, 32, "3");
        assertThat(asked()).hasSize(3);
        answer(3, 31, "30");
        answer(1, 11, "10");
        answer(2, 21, "20");
        assertThat(rig.books).containsExactly("{bid 30=5}", "{bid 30=5, bid 9=3}", "{bid 10=5}", "{bid 10=5, bid 9=1}",
            "{bid 20=5}", "{bid 20=5, bid 9=2}");
    }

    @Test
    void shouldFindTheRequestByTheSymbolOfTheAnswer() throws IOException {
        begin("match { \"$/n\" = \"*\" }, key = [\"$/none\", \"$/of | upper\"]");
        change("A", 10, 12, "1");
        change("B", 20, 22, "2");
        rig.text("{'ok':0,'of':'b','n':21,'b':[['20','5']],'a':[]}".replace('\'', '"'));
        rig.text("{'ok':0,'of':'x','n':21,'b':[['21','5']],'a':[]}".replace('\'', '"'));
        assertThat(rig.books).containsExactly("{bid 20=5}", "{bid 20=5, bid 9=2}");
    }

    @Test
    void shouldAskAgainWhenTheAnswerIsOlderThanTheChanges() throws IOException {
        begin(BY_ID);
        change("A", 10, 12, "1");
        answer(1, 9, "7");
        assertThat(rig.kinds).isEmpty();
        rig.clock.advance(1_250);
        assertThat(asked()).hasSize(2).last().asString().startsWith("book A 2 at ");
        answer(2, 12, "7");
        assertThat(rig.book()).isEqualTo("{bid 7=5}");
        assertThat(rig.count(Counter.FEED_SNAPSHOTS_FAILED)).isOne();
    }

    @Test
    void shouldAskAgainAfterARefusalAndAfterSilence() throws IOException {
        begin(BY_ID);
        change("A", 10, 12, "1");
        rig.text("{\"ok\":1,\"error\":\"429 too many\"}");
        assertThat(rig.count(Counter.FEED_SNAPSHOTS_FAILED)).isOne();
        rig.clock.advance(1_250);
        assertThat(asked()).hasSize(2);
        rig.clock.advance(4_999);
        assertThat(asked()).hasSize(2);
        rig.clock.advance(2_300);
        assertThat(asked()).hasSize(3);
        assertThat(rig.count(Counter.FEED_SNAPSHOTS_FAILED)).isEqualTo(2);
        answer(2, 12, "8");
        assertThat(rig.kinds).as("a late answer").isEmpty();
        answer(3, 12, "7");
        assertThat(rig.book()).isEqualTo("{bid 7=5}");
    }

    @Test
    void shouldIgnoreAnAnswerOnAConnectionThatHasEnded() throws IOException {
        begin(BY_ID);
        change("A", 10, 12, "1");
        final var dead = rig.upstreams.last();
        dead.lose(LossReason.DISCONNECTED, true);
        dead.text("{\"ok\":1,\"n\":12,\"b\":[[\"7\",\"5\"]],\"a\":[]}");
        rig.poll();
        rig.clock.advance(2_000);
        rig.upstreams.last().open();
        rig.clock.advance(10_000);
        assertThat(asked()).as("before a change of the new connection").isEmpty();
        answer(1, 12, "7");
        assertThat(rig.kinds).isEmpty();
        change("A", 14, 15, "2");
        assertThat(asked()).hasSize(1).first().asString().startsWith("book A 1 at ");
        answer(1, 14, "8");
        assertThat(rig.book()).isEqualTo("{bid 8=5, bid 9=2}");
    }

    @Test
    void shouldKeepTheRateOfTheConnectionAndAskForAFewAtATime() throws IOException {
        begin(", rate { permits = 2, per = 1s, spacing = 0 }", BY_ID, List.of());
        for (int i = 0; i < 8; i++) {
            change("S" + i, 10, 12, "1");
        }
        assertThat(asked()).hasSize(2);
        rig.clock.advance(1_001);
        assertThat(asked()).hasSize(4);
        rig.clock.advance(1_001);
        assertThat(asked()).as("four wait for their answers").hasSize(4);
        answer(2, 12, "7");
        assertThat(asked()).hasSize(5);
    }

    @Test
    void shouldNotTakeAnAnswerForThatOfASubscription() throws IOException {
        begin("", BY_ID, List.of("A", "B"));
        assertThat(rig.upstreams.last().sent).containsExactly("sub A 1", "sub B 2");
        change("A", 10, 12, "1");
        assertThat(asked()).hasSize(1).first().asString().startsWith("book A 3 at ");
        answer(3, 11, "7");
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=1}");
        answer(3, 11, "7");
        rig.clock.advance(10_000);
        assertThat(rig.upstreams.last().sent).as("the subscriptions have no answer yet")
            .anyMatch(message -> message.startsWith("sub A 4")).anyMatch(message -> message.startsWith("sub B 5"));
    }

    @Test
    void shouldAskAgainAfterAGapAndKeepTheConnection() throws IOException {
        begin(BY_ID);
        change("A", 10, 12, "1");
        answer(1, 12, "7");
        change("A", 14, 15, "2");
        assertThat(asked()).hasSize(2);
        change("A", 15, 16, "3");
        answer(2, 15, "7");
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=3}");
        assertThat(rig.upstreams.last().isAborted).isFalse();
    }

    private void begin(final String answer) throws IOException {
        begin("", answer, List.of());
    }

    private void begin(final String connection, final String answer, final List<String> symbols) throws IOException {
        final Path file = Files.writeString(folder.resolve("model.conf"), FILE.formatted(connection, answer));
        rig = new SynchronizerRig(file.toString(), "book", name -> null, symbols);
    }

    private void change(final String symbol, final long before, final long last, final String size) {
        rig.text("{\"s\":\"" + symbol + "\",\"p\":" + before + ",\"u\":" + last + ",\"b\":[[\"9\",\"" + size + "\"]],\"a\":[]}");
    }

    private void answer(final long id, final long number, final String price) {
        rig.text("{\"ok\":" + id + ",\"n\":" + number + ",\"b\":[[\"" + price + "\",\"5\"]],\"a\":[]}");
    }

    private List<String> asked() {
        return rig.upstreams.last().sent.stream().filter(message -> message.startsWith("book ")).toList();
    }
}
