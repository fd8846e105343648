package penstock.bus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.nats.client.Message;
import java.io.IOException;
import java.util.List;
import penstock.nats.NatsConnection;
import penstock.text.SymbolName;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.TopicPartition;

/**
 * What readers ask: snapshots of partitions and newest values. More than {@value #PER_SECOND} a second are refused. On
 * the thread of the connection that takes requests.
 */
final class BusRequests implements NatsConnection.User {
    /** Behind the subject of a feed, and in front of the number of a partition. */
    static final String SNAPSHOT = ".snapshot.";
    /** Behind the subject of a feed. */
    static final String LAST = ".last";

    private static final int PER_SECOND = 2_000;
    private static final int MAX_BYTES = 4_096;
    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final JsonFactory JSON = new JsonFactory();

    /** A topic that is asked for. {@code channel}: null = the default one. */
    private record Wanted(String channel, String symbol) {
    }

    private final BusCounts counts;
    private List<BusShard> shards = List.of();
    private BusAnswers answers;
    private double tokens = PER_SECOND;
    private long filledNs = System.nanoTime();

    BusRequests(final BusCounts counts) {
        this.counts = counts;
    }

    /** Asks these, each for its partitions. Before the first request. */
    void ask(final List<BusShard> all, final BusAnswers out) {
        shards = List.copyOf(all);
        answers = out;
    }

    @Override
    public void onConnected() {
        counts.onConnected();
    }

    @Override
    public void onPublished(final int bytes) {
        counts.onPublished(bytes);
    }

    @Override
    public void onMessage(final Message message) {
        final String reader = message.getReplyTo();
        counts.onRequest();
        if (reader == null) {
            return;
        }
        try {
            take();
            final String subject = message.getSubject();
            if (subject.endsWith(LAST)) {
                last(subject.substring(0, subject.length() - LAST.length()), message.getData(), reader);
            } else {
                snapshot(subject, reader);
            }
        } catch (final RequestException e) {
            answers.refuse(reader, e);
        }
    }

    private void take() throws RequestException {
        final long nowNs = System.nanoTime();
        tokens = Math.min(PER_SECOND, tokens + (double) (nowNs - filledNs) / NS_PER_SECOND * PER_SECOND);
        filledNs = nowNs;
        if (tokens < 1) {
            throw RequestException.rateLimited("more than " + PER_SECOND + " requests per second", null, 1_000);
        }
        tokens -= 1;
    }

    private void snapshot(final String subject, final String reader) throws RequestException {
        final int at = subject.lastIndexOf(SNAPSHOT);
        final String number = subject.substring(at + SNAPSHOT.length());
        if (!number.matches("[0-9]{1,2}") || Integer.parseInt(number) >= TopicPartition.COUNT) {
            throw new RequestException(ErrorCode.BAD_FIELD, null, "partitions are 0 to " + (TopicPartition.COUNT - 1)
                + ": ask " + subject.substring(0, at) + SNAPSHOT + "0", null);
        }
        final int partition = Integer.parseInt(number);
        shards.get(partition % shards.size()).snapshot(subject.substring(0, at) + '.' + partition, reader);
    }

    private void last(final String subject, final byte[] body, final String reader) throws RequestException {
        final Wanted wanted = read(body);
        // one topic is always asked of the same thread, so that its values never go back
        final int partition = TopicPartition.of(String.valueOf(wanted.channel), wanted.symbol);
        shards.get(partition % shards.size()).last(subject, wanted.channel, wanted.symbol, reader);
    }

    private static Wanted read(final byte[] body) throws RequestException {
        String channel = null;
        String symbol = null;
        if (body.length > MAX_BYTES) {
            throw wrong("a request has at most " + MAX_BYTES + " bytes");
        }
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw wrong("a request is a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                final String name = parser.currentName();
                final String value = parser.nextTextValue();
                if (value == null) {
                    throw wrong(name.equals("channel") || name.equals("symbol") ? name + " must be a text"
                        : "there are no fields but channel and symbol");
                } else if (name.equals("channel")) {
                    channel = value;
                } else if (name.equals("symbol")) {
                    symbol = value;
                } else {
                    throw wrong("there are no fields but channel and symbol");
                }
            }
        } catch (final IOException e) {
            throw wrong("a request is a JSON object");
        }
        if (symbol == null || SymbolName.problem(symbol) != null) {
            throw wrong("symbol is missing, or no name of a symbol");
        }
        return new Wanted(channel, symbol);
    }

    private static RequestException wrong(final String what) {
        return new RequestException(ErrorCode.BAD_FIELD, null, what
            + ", like {\"channel\":\"quote\",\"symbol\":\"EURUSD\"}", null);
    }
}
