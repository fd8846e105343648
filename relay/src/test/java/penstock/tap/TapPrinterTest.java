package penstock.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import penstock.client.ClientOptions;
import penstock.client.socket.ClientPlatform;
import penstock.client.socket.ClientTransport;
import penstock.wire.ContentOptions;
import penstock.wire.SubscriptionOptions;

/** Printed values and explanations of messages. */
class TapPrinterTest {
    private static final String WELCOME =
        "{'type':'welcome','epoch':27,'feed':{'name':'demo','state':'live','channels':["
        + "{'name':'quote','class':'last-value','default':true},{'name':'book','class':'order-book'}]},"
        + "'limits':{'minInterval':0,'maxInterval':60000},'heartbeat':60000}";
    private static final String DELTA =
        "{'type':'ack','id':1,'op':'subscribe','sub':'0','effective':{'channel':'quote','mode':'conflate',"
        + "'interval':250,'fields':['bid','ask'],'delta':true,'maxRate':20},'matched':37,'unknown':['X'],"
        + "'resumed':false}";
    private static final String DEPTH =
        "{'type':'ack','id':1,'op':'subscribe','sub':'0','effective':{'channel':'book','mode':'conflate',"
        + "'interval':0,'depth':2},'matched':1,'unknown':[],'resumed':false}";

    private static final TapOptions WHOLE = options(null, TapOptions.Form.LINES, ContentOptions.UNSPECIFIED);
    private static final TapOptions EXPLAINED = options(null, TapOptions.Form.EXPLAINED, ContentOptions.UNSPECIFIED);
    private static final TapOptions CHANGES =
        options(null, TapOptions.Form.LINES, new ContentOptions(null, true, -1));
    private static final TapOptions BOOK = options("book", TapOptions.Form.LINES, new ContentOptions(null, null, 2));

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final SilentWorld relay = new SilentWorld();

    @Test
    void shouldPrintTheValueAfterEachChange() {
        final TapPrinter printer = printer(CHANGES, WELCOME, DELTA,
            snapshot("A", 1,
            "{ 'bid':1.10, 'ask' :1.2000000000000000000009, 'text':'a\\u0022é,}' , 'gone':[1,{'x':null}]}"),
            update("A", 2, "{'bid':1.100}"), update("A", 3, "{'gone':null,'new':{'y': [2]}},'removed':['gone']"), update("A", 4, "{}"),
            update("A", 5, "7.50"), update("A", 6, "{'bid':2}"),
            snapshot("A", 9, "{'bid':2}"), update("A", 10, "{'bid':null,'ask':-1e5}"),
            update("NEW", 1, "{'ask':3}"), update("NEW", 2, "{'bid':true}"));
        assertThat(values()).containsExactly(
            "{ 'bid':1.10, 'ask' :1.2000000000000000000009, 'text':'a\\u0022é,}' , 'gone':[1,{'x':null}]}",
            "{'bid':1.100,'ask':1.2000000000000000000009,'text':'a\\u0022é,}','gone':[1,{'x':null}]}",
            "{'bid':1.100,'ask':1.2000000000000000000009,'text':'a\\u0022é,}','new':{'y': [2]}}",
            "{'bid':1.100,'ask':1.2000000000000000000009,'text':'a\\u0022é,}','new':{'y': [2]}}",
            "7.50", "{'bid':2}", "{'bid':2}", "{'bid':null,'ask':-1e5}", "{'ask':3}", "{'ask':3,'bid':true}");
        assertThat(printer.brokenCount()).isZero();
    }

    @Test
    void shouldPrintTheBookAfterEachChangeAndReportExtraLevels() {
        final TapPrinter printer = printer(BOOK, WELCOME, DEPTH,
            snapshot("A", 1, "{'bids':[[10.0,1],[9,2]],'asks':[['11.0','1.5']]}"),
            update("A", 2, "{'bids':[[10.5,3],[9.0,0]],'asks':[[11.00,'0'],[12,4]]}"));
        assertThat(values()).containsExactly("{'bids':[[10.0,1],[9,2]],'asks':[['11.0','1.5']]}",
            "{'bids':[[10.5,3],[10.0,1]],'asks':[[12,4]]}");
        assertThat(printer.brokenCount()).isZero();
        receive(update("A", 3, "{'bids':[[8,1]]}"));
        assertThat(printer.brokenCount()).isEqualTo(1);
        assertThat(text())
            .contains("BOOK BROKEN A: 3 levels on a side, at most 2 expected");
        assertThat(printer.summary(1)).endsWith("LEDGER BROKEN 1 times");
    }

    @Test
    void shouldPrintAChangeThatCannotBeAppliedAndNotTrustTheConnection() {
        printer(BOOK, WELCOME, DEPTH, snapshot("A", 1, "{'bids':[],'asks':[]}"));
        receive(update("A", 2, "{'bids':[[1]]}"));
        assertThat(text()).contains("?? not a message of the protocol: ", "{\"bids\":[[1]]}",
            "connection given up: what came was not of the protocol; next attempt in 250 ms");
    }

    @Test
    void shouldPrintEachWarningAndNoGoodLedgerWithoutAValue() {
        final TapPrinter printer = printer(WHOLE, WELCOME, DELTA.replace("'resumed'",
            "'warnings':['btcusdt is unknown, and BTCUSDT is known: case counts','another'],'resumed'"));
        assertThat(text().lines().filter(line -> line.contains("-- warning")))
            .containsExactly("-- warning: btcusdt is unknown, and BTCUSDT is known: case counts",
                "-- warning: another");
        assertThat(printer.summary(1)).startsWith("0 updates").endsWith(", no value came: the ledger shows nothing");
        receive(snapshot("A", 1, "{}"));
        assertThat(printer.summary(1)).endsWith("ledger ok");
    }

    @Test
    void shouldExplainEachMessage() {
        printer(EXPLAINED, WELCOME, DELTA, DEPTH, snapshot("A", 1, "{}"),
            snapshot("A", 1, "{}").replace("'last':true,", ""),
            snapshot("B", 1, "{}").replace("'last':true,", "'resumed':true,'last':true,"),
            update("A", 5, "{}").replace("'q':5", "'q':5,'c':3"),
            "{'type':'gap','sub':'0','p':9,'missed':812}",
            "{'type':'status','scope':'feed','state':'stale'}",
            "{'type':'status','scope':'symbols','sub':'0','symbols':['A'],'state':'live','since':1}",
            "{'type':'status','scope':'symbols','sub':'0','symbols':['A','B'],'state':'closed','since':1}",
            "{'type':'heartbeat','ts':1,'feed':'live','p':9}",
            "{'type':'error','id':9,'status':429,'code':'rate_limited','retry':true}",
            "{'type':'new'}");
        assertThat(text().lines().filter(line -> line.startsWith("   = ")))
            .map(line -> line.substring(5)).containsExactly(
                "Connected; the feed is live. Sequence numbers are valid within epoch 27.",
                "Subscribed to 37 topics: the newest values, one per topic in 250 ms, only the fields bid, ask, "
                    + "only changed fields in updates, at most 20 updates per second; 1 unknown symbols join when they "
                    + "appear.",
                "Subscribed to 1 topic: the newest values as fast as they are read, the best 2 levels of each side.",
                "A snapshot of 1 topic: the newest values.",
                "The 1st piece of a snapshot, with 1 topic; more follow: the newest values.",
                "The last, 2nd piece of a snapshot, with 1 topic, 2 in all: those that changed since this client "
                    + "stopped, or are not live.",
                "Update of A: 3 updates conflated or without a visible change.",
                "Gap: 812 updates missed and not sent later; all others up to p 9 were sent.",
                "The feed is lost: the last values stay, but must not be used for trading.",
                "A is live again.",
                "2 symbols are no longer provided by the venue.",
                "No other message for a while; the connection is alive, and the feed is live.",
                "A request was rejected: the client may try again later.",
                "An unknown type of message: ignore it.");
    }

    @Test
    void shouldReportMissedUpdatesThatNoEntryHasConfirmed() {
        final TapPrinter printer = printer(WHOLE, WELCOME, snapshot("A", 1, "1"),
            "{'type':'gap','sub':'0','p':9,'missed':5}", update("A", 5, "1"));
        assertThat(printer.summary(1)).contains(" 5 missed (2 of them not confirmed yet), ").endsWith("ledger ok");
    }

    @Test
    void shouldCountASymbolThatTheRelayHasForgottenFromItsBeginning() {
        final TapPrinter printer = printer(WHOLE, WELCOME, snapshot("A", 9, "1"),
            "{'type':'status','scope':'symbols','sub':'0','symbols':['A'],'state':'stale','reason':'not_subscribed'}",
            update("A", 1, "1"));
        assertThat(printer.summary(1)).endsWith("ledger ok");
    }

    @Test
    void shouldCountASymbolThatTheClientMaySeeAgainFromItsBeginning() {
        final TapPrinter printer = printer(EXPLAINED, WELCOME, snapshot("A", 9, "1"),
            "{'type':'status','scope':'symbols','sub':'0','symbols':['A'],'state':'denied','since':5}",
            update("A", 1, "1"));
        assertThat(printer.summary(1)).endsWith("ledger ok");
        assertThat(text()).contains("A is no longer among your products");
    }

    private TapPrinter printer(final TapOptions options, final String... messages) {
        final TapPrinter printer = new TapPrinter(new PrintStream(printed, true, StandardCharsets.UTF_8), options);
        new TapSession(TapAddress.target(options), options, printer,
            ClientOptions.on(Runnable::run).transport(relay).platform(relay),
            end -> fail("it ends with " + end)).begin();
        for (final String message : messages) {
            receive(message);
        }
        assertThat(text()).doesNotContain("??");
        return printer;
    }

    /** The relay sends a message. */
    private void receive(final String message) {
        relay.events.onText(json(message).replace("\"sub\":\"0\"", "\"sub\":\"s1\""), () -> { });
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static TapOptions options(final String channel, final TapOptions.Form form, final ContentOptions content) {
        return new TapOptions("localhost", List.of(), channel,
            new SubscriptionOptions(null, -1, null, -1, -1, content), form, true, TapOptions.Limits.NONE);
    }

    /** What surrounds a client: a connection on which the test speaks, and no time. */
    private static final class SilentWorld implements ClientTransport, ClientTransport.Connection, ClientPlatform {
        private Events events;

        @Override
        public Connection open(final URI address, final List<String> subprotocols, final Events listener) {
            events = listener;
            listener.onOpen();
            return this;
        }

        @Override
        public void send(final String text) {
            assertThat(text).startsWith("{\"op\":");
        }

        @Override
        public CompletionStage<Void> close(final int code) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public long nowMs() {
            return 0;
        }

        @Override
        public double random() {
            return 0.5;
        }

        @Override
        public Runnable after(final long ms, final Runnable task) {
            return () -> { };
        }

        @Override
        public void frame(final Runnable task) {
            task.run();
        }

        @Override
        public void close() {
            // there is no timer to end
        }
    }

    /** The last column of the values, with single quotes. */
    private List<String> values() {
        return text().lines().filter(line -> line.startsWith("00:00:00."))
            .map(line -> line.substring(7 + line.indexOf(line.contains("image  ") ? "image  " : "live   "))
            .replace('"', '\''))
            .toList();
    }

    private static String json(final String text) {
        return text.replace('\'', '"');
    }

    private static String snapshot(final String symbol, final long q, final String value) {
        return "{'type':'snapshot','sub':'0','ts':1,'epoch':27,'p':9,'last':true,'data':[{'s':'" + symbol + "','q':"
            + q + ",'v':" + value
            + "}]}";
    }

    private static String update(final String symbol, final long q, final String value) {
        return "{'type':'update','sub':'0','ts':1,'p':9,'data':[{'s':'" + symbol + "','q':" + q + ",'v':" + value
            + "}]}";
    }
}
