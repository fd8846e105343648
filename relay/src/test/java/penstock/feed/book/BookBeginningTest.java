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

/** How books begin: with a first message that nothing marks, with a snapshot that may come, with single orders. */
class BookBeginningTest {
    private static final String FIRST = """
        name = model
        connection { urls = ["ws://one.invalid/"], idle { any-frame = 0, data = 0 }, reconnect { min = 1s, max = 1s } }
        channels { quote { class = last-value, default = true }, book { class = order-book } }
        subscribe { message = "sub {topics} {id}", unsubscribe = "unsub {topics} {id}", batch = 1
          topic { quote = "{symbol}@quote", book = "{symbol}@book" }
          ack { match { "$/ok" = "*" }, correlate = "$/ok", mode = batch, timeout = 3s } }
        messages { rules = [
          { name = quote, match { "$/v" = "*" }, key = "$/s", emit = "$/v" }
          { name = book, match { "$/b" = "*" }, channel = book, key = "$/s", kind = snapshot-first, emit = "$/s"
            seq { rule = increment, at = "$/n", on-gap = resubscribe }
            book { bids = "$/b", asks = "$/a", level = [0, 1] } }
          { name = ok, match { "$/ok" = "*" }, as = ack }
        ] }
        """;
    /** The shapes of Bitstamp's orders, and of its book of single orders. */
    private static final String ORDERS = """
        name = model
        connection { urls = ["ws://one.invalid/"], idle { any-frame = 0, data = 0 }, reconnect { min = 1s, max = 1s } }
        channels { book { class = order-book, default = true } }
        messages { rules = [
          { name = deleted, match { "$/event" = order_deleted }, key = "$/s", kind = delta, emit = "$/s", seq { rule = increasing, at = "$/t" }
            book { levels = "$", level = [price, amount], side = "@/type | lookup({'0':'buy', '1':'sell'})", id = id, orders = set
              delete-when { "$/event" = order_deleted } } }
          { name = order, match { "$/event" = "*" }, key = "$/s", kind = delta, emit = "$/s", seq { rule = increasing, at = "$/t" }
            book { levels = "$", level = [price, amount], side = "@/type | lookup({'0':'buy', '1':'sell'})", id = id, orders = set
              snapshot { follows = newer, number = "$/t", bids = "$/bids", asks = "$/asks", level = [0, 1], id = 2, %s } } }
          { name = answer, match { "$/bids" = "*" }, as = ack }
        ] }
        """;
    private static final String OVER_HTTP = "url = \"https://rest.invalid/{symbol}\"";
    private static final String ON_THE_CONNECTION = "request = \"{symbol}\", answer { match { \"$/bids\" = \"*\" }, key = \"$/s\" }";
    private static final String OKX = "{'arg':{'channel':'books','instId':'BTC-USDT'},'action':'%s','data':[{'asks':[],"
        + "'bids':[['9','%s','0','1']],'ts':'1700000000123','checksum':0,'prevSeqId':%d,'seqId':%d}]}";

    @TempDir
    private Path folder;
    private SynchronizerRig rig;

    @Test
    void shouldTakeTheFirstMessageOfASymbolForItsSnapshot() throws IOException {
        begin(FIRST, List.of("A", "B"));
        say("{'s':'A','n':5,'b':[['7','1'],['6','1']],'a':[]}", "{'s':'A','n':6,'b':[['7','0']],'a':[]}");
        assertThat(rig.books).containsExactly("{bid 6=1, bid 7=1}", "{bid 6=1}");
        say("{'s':'B','n':1,'b':[['3','1']],'a':[]}");
        assertThat(rig.kinds).containsExactly("snapshot", "delta", "snapshot");
    }

    @Test
    void shouldTakeTheFirstMessageOfTheNextConnectionForASnapshot() throws IOException {
        begin(FIRST, List.of("A"));
        say("{'s':'A','n':5,'b':[['7','1']],'a':[]}");
        rig.upstreams.last().lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(2_000);
        rig.upstreams.last().open();
        say("{'s':'A','n':9,'b':[['8','1']],'a':[]}", "{'s':'A','n':10,'b':[['9','1']],'a':[]}");
        assertThat(rig.kinds).containsExactly("snapshot", "snapshot", "delta");
        assertThat(rig.book()).isEqualTo("{bid 8=1, bid 9=1}");
    }

    @Test
    void shouldTakeTheFirstMessageAfterANewSubscriptionForASnapshotAndNoneBefore() throws IOException {
        begin(FIRST, List.of("A"));
        say("{'ok':1}", "{'s':'A','n':5,'b':[['7','1']],'a':[]}", "{'s':'A','n':8,'b':[['6','1']],'a':[]}");
        rig.clock.advance(10);
        assertThat(rig.upstreams.last().sent).contains("unsub A@book 2").doesNotContain("sub A@book 3");
        say("{'s':'A','n':9,'b':[['5','1']],'a':[]}");
        assertThat(rig.kinds).as("a change of the old subscription").containsExactly("snapshot");
        say("{'ok':2}");
        rig.clock.advance(10);
        assertThat(rig.upstreams.last().sent).contains("sub A@book 3");
        say("{'s':'A','n':20,'b':[['8','1']],'a':[]}", "{'ok':3}", "{'s':'A','n':21,'b':[['9','1']],'a':[]}");
        assertThat(rig.kinds).containsExactly("snapshot", "snapshot", "delta");
        assertThat(rig.book()).isEqualTo("{bid 8=1, bid 9=1}");
    }

    @Test
    void shouldNotTakeAChangeForASnapshotWhenTheSubscriptionIsSentAgain() throws IOException {
        begin(FIRST, List.of("A"));
        say("{'s':'A','n':5,'b':[['7','1']],'a':[]}");
        rig.clock.advance(3_100);
        assertThat(rig.upstreams.last().sent).as("the answer is missing").contains("sub A@book 2");
        say("{'s':'A','n':6,'b':[['8','1']],'a':[]}");
        assertThat(rig.kinds).containsExactly("snapshot", "delta");
    }

    @Test
    void shouldFetchTheBookOfOkxWhoseSnapshotDoesNotCome() {
        rig = new SynchronizerRig("okx", "book", name -> null, List.of("BTC-USDT"));
        say(OKX.formatted("update", "1", 10, 12), OKX.formatted("update", "2", 12, 15));
        assertThat(rig.kinds).isEmpty();
        assertThat(rig.lastAsked().address)
            .hasToString("https://www.okx.com/api/v5/market/books?instId=BTC-USDT&sz=400&source=0");
        rig.lastAsked().body("{'code':'0','msg':'','data':[{'asks':[['11','1','0','1']],'bids':[['7','5','0','1']],'ts':'1700000000125','seqId':12}]}"
            .replace('\'', '"'));
        assertThat(rig.book()).isEqualTo("{ask 11=1, bid 7=5, bid 9=2}");
        say(OKX.formatted("update", "3", 15, 15));
        assertThat(rig.book()).isEqualTo("{ask 11=1, bid 7=5, bid 9=3}");
    }

    @Test
    void shouldNotFetchTheBookOfOkxWhoseSnapshotComes() {
        rig = new SynchronizerRig("okx", "book", name -> null, List.of("BTC-USDT"));
        say(OKX.formatted("snapshot", "1", -1, 12), OKX.formatted("update", "2", 12, 15));
        assertThat(rig.kinds).containsExactly("snapshot", "delta");
        rig.clock.advance(5_000);
        assertThat(rig.asked).isEmpty();
    }

    @Test
    void shouldForgetTheRequestWhenTheSnapshotComesAfterAll() {
        rig = new SynchronizerRig("okx", "book", name -> null, List.of("BTC-USDT"));
        say(OKX.formatted("update", "1", 10, 12), OKX.formatted("snapshot", "2", -1, 14));
        assertThat(rig.lastAsked().isAborted).isTrue();
        say(OKX.formatted("update", "3", 14, 16));
        assertThat(rig.kinds).containsExactly("snapshot", "delta");
        assertThat(rig.book()).isEqualTo("{bid 9=3}");
    }

    @Test
    void shouldFetchTheBookAgainWhenOkxCountsFromTheStart() {
        rig = new SynchronizerRig("okx", "book", name -> null, List.of("BTC-USDT"));
        say(OKX.formatted("update", "1", 100, 120));
        rig.lastAsked().body(okxBook(120));
        say(OKX.formatted("update", "2", 120, 5), OKX.formatted("update", "3", 5, 7));
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=3}");
        say(OKX.formatted("update", "4", 9, 11));
        rig.clock.advance(1_000);
        rig.lastAsked().body(okxBook(11));
        assertThat(rig.book()).as("a number below that of the old count").isEqualTo("{bid 7=5}");
    }

    @Test
    void shouldFetchTheBookAgainWhenTheSnapshotIsOfTheCountBefore() {
        rig = new SynchronizerRig("okx", "book", name -> null, List.of("BTC-USDT"));
        say(OKX.formatted("update", "1", 100, 120), OKX.formatted("update", "2", 120, 5));
        rig.lastAsked().body(okxBook(120));
        say(OKX.formatted("update", "3", 5, 7), OKX.formatted("update", "4", 7, 8));
        rig.clock.advance(1_000);
        rig.lastAsked().body(okxBook(7));
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=4}");
    }

    @Test
    void shouldAddUpOrdersAfterAFetchedSnapshot() throws IOException {
        begin(ORDERS.formatted(OVER_HTTP), List.of());
        sayOrders();
        assertThat(rig.kinds).isEmpty();
        rig.lastAsked().body(orders(12));
        assertOrders();
    }

    @Test
    void shouldAddUpOrdersAfterASnapshotOnTheConnection() throws IOException {
        begin(ORDERS.formatted(ON_THE_CONNECTION), List.of());
        sayOrders();
        assertThat(rig.kinds).isEmpty();
        say(orders(12));
        assertOrders();
    }

    @Test
    void shouldFetchTheOrdersAgainWhenOneIsMissing() throws IOException {
        begin(ORDERS.formatted(OVER_HTTP), List.of());
        say("{'event':'order_created','s':'A','t':11,'id':'1','type':0,'price':'7.0','amount':'1'}");
        rig.lastAsked().body(orders(11));
        say("{'event':'order_changed','s':'A','t':12,'id':'99','amount':'1'}");
        assertThat(rig.kinds).containsExactly("snapshot");
        say("{'event':'order_created','s':'A','t':13,'id':'5','type':0,'price':'5','amount':'1'}");
        rig.clock.advance(1_000);
        assertThat(rig.asked).hasSize(2);
        rig.lastAsked().body(orders(13));
        assertThat(rig.kinds).containsExactly("snapshot", "snapshot");
    }

    @Test
    void shouldRefuseASnapshotWithoutTheIdsOfOrders() throws IOException {
        begin(ORDERS.formatted(OVER_HTTP), List.of());
        say("{'event':'order_created','s':'A','t':11,'id':'1','type':0,'price':'7.0','amount':'1'}");
        rig.lastAsked().body("{\"t\":12,\"bids\":[[\"7.0\",\"1\"]],\"asks\":[]}");
        assertThat(rig.kinds).isEmpty();
        assertThat(rig.count(Counter.FEED_SNAPSHOTS_FAILED)).isOne();
    }

    /** Created before, changed after and deleted after the snapshot. */
    private void sayOrders() {
        say("{'event':'order_created','s':'A','t':11,'id':'1','type':0,'price':'7.0','amount':'1.50'}",
            "{'event':'order_changed','s':'A','t':13,'id':'2','amount':'0.05'}",
            "{'event':'order_deleted','s':'A','t':14,'id':'3'}");
    }

    private void assertOrders() {
        assertThat(rig.books).containsExactly("{ask 8=2, bid 7.0=1.75}", "{ask 8=2, bid 7.0=1.55}", "{bid 7.0=1.55}");
        say("{'event':'order_created','s':'A','t':15,'id':'4','type':1,'price':'8.00','amount':'0.1'}");
        assertThat(rig.book()).isEqualTo("{ask 8.00=0.1, bid 7.0=1.55}");
    }

    private static String orders(final long time) {
        return ("{'s':'A','t':" + time + ",'bids':[['7.0','1.50','1'],['7.00','0.25','2']],'asks':[['8','2','3']]}").replace('\'', '"');
    }

    private static String okxBook(final long number) {
        return ("{'code':'0','data':[{'asks':[],'bids':[['7','5','0','1']],'ts':'1700000000125','seqId':" + number + "}]}").replace('\'', '"');
    }

    private void begin(final String text, final List<String> symbols) throws IOException {
        final Path file = Files.writeString(folder.resolve("model.conf"), text);
        rig = new SynchronizerRig(file.toString(), "book", name -> null, symbols);
    }

    private void say(final String... frames) {
        for (final String frame : frames) {
            rig.text(frame.replace('\'', '"'));
        }
    }
}
