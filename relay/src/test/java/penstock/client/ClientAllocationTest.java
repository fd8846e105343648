package penstock.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.client.socket.ClientPlatform;
import penstock.client.socket.ClientTransport;
import penstock.client.value.MessageEntry;

/** Once warm, an update of a quote, a book or a trade makes no garbage, from the text of its message to the user. */
class ClientAllocationTest {
    private static final int WARM = 3_000;
    private static final int COUNTED = 3_000;
    /** Of the counting itself, and of what the JVM does once. */
    private static final long NOISE_BYTES = 4_096;
    private static final Runnable DONE = () -> { };

    private ClientTransport.Events events;
    private long sum;
    /** Made once: a lambda that knows the test is an object each time. */
    private final Consumer<TopicView> quotes = this::add;
    private final EventListener trades = new EventListener() {
        @Override
        public void onEvent(final TopicView trade) {
            sum += trade.mantissa("price") + trade.scale("price");
        }

        @Override
        public void onEntry(final MessageEntry entry, final TopicView trade) {
            sum += entry.q() + entry.c() + trade.q();
        }
    };
    private final Consumer<TopicView> books = book -> sum += book.bids().priceMantissa(0);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldMakeNoGarbagePerUpdate(final boolean hasRows) {
        final PenstockClient client = PenstockClient.connect("ws://relay", ClientOptions.on(Runnable::run)
            .platform(new StandingWorld()).transport(this::open));
        client.quotes(GridTerms.of("EUR/USD").channel("ticker"), frame -> frame.forEach(quotes));
        client.books(GridTerms.of("BTC/USDT"), frame -> frame.forEach(books));
        client.trades(GridTerms.of("BTC/USDT"), trades);
        receive("{'type':'welcome','epoch':7,'feed':{'name':'demo','state':'live','channels':[{'name':'ticker','class':'merge'},{'name':'book','class':'order-book'},{'name':'trade','class':'event'}]},'limits':{'minInterval':0,'maxInterval':60000},'heartbeat':5000}");
        for (int i = 1; i <= 3; i++) {
            receive("{'type':'ack','id':" + i + ",'op':'subscribe','sub':'s" + i + "','replaces':'all','resumed':false}");
        }
        receive("{'type':'snapshot','sub':'s1','ts':1,'epoch':7,'replaces':'all','p':1,'last':true,'data':[{'s':'EUR/USD','q':0,'v':{'bid':1.10384,'ask':1.10386,'note':null}}]}");
        receive("{'type':'snapshot','sub':'s2','ts':1,'epoch':7,'replaces':'all','p':1,'last':true,'data':[{'s':'BTC/USDT','q':0,'v':{'bids':[[97259.10,0.2],[97258.80,1.5]],'asks':[]}}]}");
        receive("{'type':'snapshot','sub':'s3','ts':1,'epoch':7,'replaces':'all','p':1,'last':true,'data':[{'s':'BTC/USDT','q':0,'v':{'price':97259.10}}]}");
        if (hasRows) {
            receive("{'type':'rows','sub':'s1','columns':['bid','ask','note'],'topics':[[0,'EUR/USD',0]]}");
            receive("{'type':'rows','sub':'s2','columns':['bids','asks'],'topics':[[1,'BTC/USDT',0]]}");
            receive("{'type':'rows','sub':'s3','columns':['price'],'topics':[[2,'BTC/USDT',0]]}");
        }
        final String[] messages = hasRows ? rows() : messages();

        final long warm = play(messages, 0, 3 * WARM);
        final long counted = play(messages, 3 * WARM, messages.length);

        assertThat(warm).as("what is counted").isPositive();
        assertThat(counted).as("bytes for %d updates", 3 * COUNTED).isLessThan(NOISE_BYTES);
        assertThat(sum).isPositive();
        client.close();
    }

    private void add(final TopicView quote) {
        sum += quote.mantissa("bid") + quote.scale("ask") + quote.ageMs() + (quote.state() == ValueState.LIVE ? 1 : 0);
    }

    private long play(final String[] messages, final int from, final int to) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = from; i < to; i++) {
            events.onText(messages[i], DONE);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static String[] messages() {
        final String[] messages = new String[3 * (WARM + COUNTED)];
        for (int i = 0; i < messages.length; i += 3) {
            final int q = i / 3 + 1;
            messages[i] = text("{'type':'update','sub':'s1','ts':1795231181330000,'p':" + (i + 2) + ",'data':[{'s':'EUR/USD','q':" + q + ",'t':1795231181320000,'v':{'bid':1.1" + (1000 + i % 1000) + "}}]}");
            messages[i + 1] = text("{'type':'update','sub':'s2','ts':1795231181330000,'p':" + (i + 3) + ",'data':[{'s':'BTC/USDT','q':" + q + ",'v':{'bids':[[97260." + (10 + q % 10) + "," + q % 2 + "]],'asks':[[97261.0," + q + "]]}}]}");
            messages[i + 2] = text("{'type':'update','sub':'s3','ts':1795231181330000,'p':" + (i + 4) + ",'data':[{'s':'BTC/USDT','q':" + q + ",'v':{'price':97259." + (10 + q % 90) + "}}]}");
        }
        return messages;
    }

    private static String[] rows() {
        final String[] messages = new String[3 * (WARM + COUNTED)];
        for (int i = 0; i < messages.length; i += 3) {
            final int q = i / 3 + 1;
            messages[i] = text("['s1',1795231181330000," + (i + 2) + "," + q + ",[0,1,10000,1,1.1"
                + (1000 + i % 1000) + "]]");
            messages[i + 1] = text("['s2',1795231181330000," + (i + 3) + "," + q + ",[1,1,null,3,[[97260."
                + (10 + q % 10) + "," + q % 2 + "]],[[97261.0," + q + "]]]]");
            messages[i + 2] = text("['s3',1795231181330000," + (i + 4) + "," + q + ",[2,1,null,1,97259."
                + (10 + q % 90) + "]]");
        }
        return messages;
    }

    private void receive(final String message) {
        events.onText(text(message), DONE);
    }

    private static String text(final String message) {
        return message.replace('\'', '"');
    }

    private ClientTransport.Connection open(final URI address, final List<String> subprotocols,
            final ClientTransport.Events to) {
        events = to;
        return new ClientTransport.Connection() {
            @Override
            public void send(final String text) {
                sum += text.length();
            }

            @Override
            public CompletionStage<Void> close(final int code) {
                sum += code;
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    /** Time stands still, and a frame is shown at once. */
    private static final class StandingWorld implements ClientPlatform {
        @Override
        public long nowMs() {
            return 1_795_231_181_330L;
        }

        @Override
        public double random() {
            return 0;
        }

        @Override
        public Runnable after(final long ms, final Runnable task) {
            return DONE;
        }

        @Override
        public void frame(final Runnable task) {
            task.run();
        }

        @Override
        public void close() {
            // there is nothing to close
        }
    }
}
