package penstock.bench.jmh;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import penstock.client.BrokenLedger;
import penstock.client.ClientListener;
import penstock.client.ClientOptions;
import penstock.client.FrameView;
import penstock.client.GridTerms;
import penstock.client.PenstockClient;
import penstock.client.RefusedException;
import penstock.client.TopicView;
import penstock.client.socket.ClientPlatform;
import penstock.client.socket.ClientTransport;

/**
 * A client of twenty quotes without a socket: time stands still, and what it receives was written before. Each round
 * begins with images, which set the sequences back. One thread.
 */
final class ClientRig implements ClientListener, ClientTransport, ClientPlatform {
    /** Updates of a round. */
    static final int UPDATES = 6_400;
    private static final int SYMBOLS = 20;
    private static final long START_US = 1_795_231_181_329_000L;
    private static final Runnable DONE = () -> { };

    private final List<String> messages = new ArrayList<>();
    private final Consumer<TopicView> reader = this::add;
    private Events events;
    private long sum;
    private long shown;
    /** What the client reports, which ends the benchmark; else null. */
    private String fault;

    ClientRig(final boolean hasRows, final int together, final boolean isChange) {
        final String[] symbols = new String[SYMBOLS];
        for (int i = 0; i < SYMBOLS; i++) {
            symbols[i] = "COIN" + i + "/USDT";
        }
        final PenstockClient client = PenstockClient.connect("ws://relay", ClientOptions.on(Runnable::run)
            .transport(this).platform(this).listener(this));
        client.quotes(GridTerms.of(symbols).interval(0), this::onFrame);
        events.onOpen();
        receive("{'type':'welcome','epoch':7,'heartbeat':5000,'limits':{'minInterval':0,'maxInterval':60000},'feed':"
            + "{'name':'binance','state':'live','channels':[{'name':'quote','class':'last-value','default':true}]}}");
        receive("{'type':'ack','id':1,'op':'subscribe','sub':'s1','replaces':'all','resumed':false}");
        write(symbols, hasRows, together, isChange);
        read();
        if (shown < UPDATES) {
            throw new IllegalStateException("of " + UPDATES + " updates the user saw " + shown);
        }
    }

    /** Plays a round. */
    long read() {
        for (int i = 0; i < messages.size(); i++) {
            events.onText(messages.get(i), DONE);
        }
        if (fault != null) {
            throw new IllegalStateException(fault);
        }
        return sum;
    }

    private void write(final String[] symbols, final boolean hasRows, final int together, final boolean isChange) {
        final StringBuilder images = new StringBuilder();
        final StringBuilder topics = new StringBuilder();
        for (int i = 0; i < SYMBOLS; i++) {
            images.append(i == 0 ? "" : ",").append(json(symbols[i], 0, values(0, false), false));
            topics.append(i == 0 ? "[" : ",[").append(i).append(",'").append(symbols[i]).append("',0]");
        }
        messages.add(text("{'type':'snapshot','sub':'s1','ts':" + START_US + ",'epoch':7,'replaces':'all','p':1,"
            + "'last':true,'data':[" + images + "]}"));
        if (hasRows) {
            messages.add(text("{'type':'rows','sub':'s1','columns':['bid','bidSize','ask','askSize'],'topics':["
                + topics + "]}"));
        }
        for (int update = 0; update < UPDATES; update += together) {
            final StringBuilder entries = new StringBuilder();
            long left = 0;
            for (int i = update; i < update + together; i++) {
                final long q = i / SYMBOLS + 1;
                final String[] values = values(i + 1, isChange);
                left += q;
                entries.append(hasRows ? "," : i == update ? "" : ",").append(hasRows
                    ? "[" + i % SYMBOLS + ",1,1700," + (isChange ? 2 : 15) + "," + String.join(",", values) + "]"
                    : json(symbols[i % SYMBOLS], q, values, isChange));
            }
            messages.add(text(hasRows ? "['s1'," + START_US + "," + (update + 2) + "," + left + entries + "]"
                : "{'type':'update','sub':'s1','ts':" + START_US + ",'p':" + (update + 2) + ",'data':[" + entries
                    + "]}"));
        }
    }

    /** Best bid and ask as Binance has them, or one size that changed. */
    private static String[] values(final int i, final boolean isChange) {
        final String size = "0." + (21_572 + i * 37 % 9_000);
        return isChange ? new String[] {size}
            : new String[] {"63" + (100 + i % 900) + ".99", size, "63" + (100 + i % 900) + ".01",
                "1." + (10_110 + i * 11 % 9_000)};
    }

    private static String json(final String symbol, final long q, final String[] values, final boolean isChange) {
        final String[] names = isChange ? new String[] {"bidSize"} : new String[] {"bid", "bidSize", "ask", "askSize"};
        final StringBuilder fields = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            fields.append(i == 0 ? "'" : ",'").append(names[i]).append("':").append(values[i]);
        }
        return "{'s':'" + symbol + "','q':" + q + ",'t':" + (START_US - 1700) + ",'v':{" + fields + "}}";
    }

    private void onFrame(final FrameView frame) {
        shown += frame.size();
        frame.forEach(reader);
    }

    private void add(final TopicView quote) {
        sum += quote.mantissa("bidSize");
    }

    private void receive(final String message) {
        events.onText(text(message), DONE);
    }

    private static String text(final String message) {
        return message.replace('\'', '"');
    }

    @Override
    public void onBroken(final BrokenLedger broken) {
        fault = broken.toString();
    }

    @Override
    public void onError(final RefusedException error) {
        fault = error.toString();
    }

    // ---- a world that stands still

    @Override
    public Connection open(final URI address, final List<String> subprotocols, final Events listener) {
        events = listener;
        return new Connection() {
            @Override
            public void send(final String message) {
                sum += message.length();
            }

            @Override
            public CompletionStage<Void> close(final int code) {
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    @Override
    public long nowMs() {
        return START_US / 1_000;
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
