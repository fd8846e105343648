package penstock.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import penstock.client.value.MessageEntry;

/** What a program hears that passes on or prints all that a client is sent, and what it can ask for. */
class EntryListenerTest {
    private static final String WELCOME = "{'type':'welcome','epoch':7,'feed':{'name':'demo','state':'live','channels':["
        + "{'name':'quote','class':'merge','default':true}]},'limits':{'minInterval':0,'maxInterval':60000},"
        + "'heartbeat':5000}";

    private final HandTurnedWorld world = new HandTurnedWorld();
    private final List<String> heard = new ArrayList<>();
    private final ClientListener listener = new ClientListener() {
        @Override
        public void onRequest(final String text) {
            heard.add(text);
        }

        @Override
        public void onMessage(final CharSequence text) {
            if (text.toString().contains("\"type\":\"heartbeat\"")) {
                throw new IllegalStateException("a fault of the user's");
            }
        }
    };
    private final EventListener entries = new EventListener() {
        @Override
        public void onEvent(final TopicView event) {
            heard.add("event " + event.q());
        }

        @Override
        public void onEntry(final MessageEntry entry, final TopicView topic) {
            final StringBuilder value = new StringBuilder();
            entry.appendValue(value);
            heard.add(entry.symbol() + " " + entry.q() + " " + value + " " + topic.json());
        }
    };
    private final PenstockClient client = PenstockClient.connect("ws://relay", ClientOptions.on(Runnable::run)
        .transport(world).platform(world).listener(listener).tokens(TokenSource.of("s3cret")));

    @Test
    void shouldHearEachEntryAsItCameAndTheTopicAfterIt() {
        final PriceGrid grid = client.open(GridTerms.of("*").channel("quote"), null, entries);
        begin();
        receive("{'type':'update','sub':'s1','ts':1,'p':10,'data':[{'s':'A','q':4,'c':2,'v':{'bid':2}}]}",
            "{'type':'gap','sub':'s1','p':11,'missed':3}",
            "{'type':'update','sub':'s1','ts':1,'p':12,'data':[{'s':'A','q':7,'v':{'ask':3}}]}");

        assertThat(heard).containsExactly(
            "{\"op\":\"subscribe\",\"sub\":\"s1\",\"channel\":\"quote\",\"delta\":true,\"interval\":250,"
                + "\"symbols\":[\"*\"],\"id\":2}",
            "A 1 {\"bid\":1,\"ask\":2} {\"bid\":1,\"ask\":2}", "A 4 {\"bid\":2} {\"bid\":2,\"ask\":2}",
            "A 7 {\"ask\":3} {\"bid\":2,\"ask\":3}");
        client.execute(() -> assertThat(grid.totals()).isEqualTo(new PriceGrid.Totals(2, 2, 3, 1)));
        client.close();
    }

    @Test
    void shouldKeepTheAccountOverAResumeThatCountsAGapAgain() {
        final PriceGrid grid = client.open(GridTerms.of("*").channel("quote").everyUpdate(), null, entries);
        begin();
        receive("{'type':'gap','sub':'s1','p':9,'missed':3}");
        world.close(1006, "");
        world.pass(250);
        world.accept();
        receive(WELCOME, "{'type':'ack','id':4,'op':'subscribe','sub':'s2','resumed':true}",
            "{'type':'gap','sub':'s2','p':9,'missed':5}",
            "{'type':'update','sub':'s2','ts':1,'p':12,'data':[{'s':'A','q':7,'v':{'bid':3}}]}");

        assertThat(heard).endsWith("A 7 {\"bid\":3} {\"bid\":3,\"ask\":2}", "event 7");
        client.execute(() -> assertThat(grid.totals()).isEqualTo(new PriceGrid.Totals(1, 0, 5, 0)));
        client.close();
    }

    @Test
    void shouldAskOnceForWhatIsWantedOnce() {
        final PriceGrid first = client.quotes(GridTerms.of("A").mode("once"), frame -> { });
        begin();
        assertThat(first.ready()).isCompleted();
        world.close(1006, "");
        world.pass(250);
        world.accept();
        receive(WELCOME);
        assertThat(heard).hasSize(1).first().asString().contains("\"mode\":\"once\"").doesNotContain("interval");
        client.execute(() -> assertThat(first.get("A").state()).isEqualTo(ValueState.STALE));

        final PriceGrid second = client.quotes(GridTerms.of("A").mode("once"), frame -> { });
        assertThat(second.ready()).isNotCompleted();
        first.close();
        assertThat(heard).as("nothing is ended that is over").hasSize(2).last().asString().contains("\"sub\":\"s2\"");
        client.close();
    }

    @Test
    void shouldLeaveTheIntervalToTheRelay() {
        final PriceGrid grid = client.quotes(GridTerms.of("A").intervalOfRelay(), frame -> { });
        begin();
        client.hide(true);
        assertThat(heard).hasSize(1).first().asString().doesNotContain("interval");

        grid.set(grid.terms().interval(50));
        assertThat(heard).hasSize(3).last().asString().contains("\"interval\":50");
        client.close();
    }

    @Test
    void shouldReadAMessageThatItsListenerFailsAt() {
        final List<Throwable> faults = new ArrayList<>();
        final Thread thread = Thread.currentThread();
        final Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
        thread.setUncaughtExceptionHandler((ignored, fault) -> faults.add(fault));
        try {
            client.open(GridTerms.of("*").channel("quote"), null, entries);
            begin();
            world.sleep(8_000);
            receive("{'type':'heartbeat','ts':1,'feed':'live','p':9}");
            world.pass(1_000);
        } finally {
            thread.setUncaughtExceptionHandler(before);
        }
        assertThat(faults).hasSize(1).first().asString().contains("a fault of the user's");
        assertThat(client.state().phase()).as("it was heard").isEqualTo(SessionState.Phase.OPEN);
        client.close();
    }

    @Test
    void shouldEndWhenItsConnectionHas() {
        begin();
        final CompletableFuture<Void> gone = new CompletableFuture<>();
        world.socket().gone = gone;
        assertThat(client.ended()).isNotDone();
        client.close();
        assertThat(client.ended()).isNotDone();
        gone.complete(null);
        assertThat(client.ended()).isCompleted();
    }

    @Test
    void shouldEndWhenTheRelayRefusesTheClientForGood() {
        begin();
        world.close(4403, "no");
        assertThat(client.ended()).isCompleted();
    }

    /** A connection with its token, and the first image of what was asked for. */
    private void begin() {
        world.accept();
        receive(WELCOME, "{'type':'ack','id':2,'op':'subscribe','sub':'s1','replaces':'all','resumed':false}",
            "{'type':'snapshot','sub':'s1','ts':1,'epoch':7,'replaces':'all','p':9,'last':true,'data':[{'s':'A','q':1,'v':{'bid':1,'ask':2}}]}");
    }

    private void receive(final String... messages) {
        for (final String message : messages) {
            world.receive(message.replace('\'', '"'));
        }
    }
}
