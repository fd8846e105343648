package penstock.bench.load.hold;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import penstock.bench.load.client.ClientSecurity;
import penstock.bench.load.rig.RigClock;

/** A kind of request, what must precede it, and how much its answer has at least. Stateless. */
public enum FirstRequest {
    /** A WebSocket without a subscription. */
    CONNECT(500) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.ask(client -> client.upgrade(WS, asker.header(), WELCOME_BYTES));
        }
    },
    /** A subscribe to 10,000 names. */
    NAMES(1_000_000) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.subscribe(symbols(IntStream.range(0, NAMES_COUNT).mapToObj(TopicsFeed::symbol).toList()), "");
        }
    },
    /** A subscribe to 49 patterns, of which 9 match. */
    PATTERNS_49(1_000) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.subscribe(patterns(49), "");
        }
    },
    /** A subscribe to 250 patterns, of which most match. */
    PATTERNS_250(100_000) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.subscribe(patterns(250), "");
        }
    },
    /** A subscribe to all topics, whole. */
    ALL(2_000_000) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.subscribe(EVERYTHING, "");
        }
    },
    /** A subscribe to two fields of all topics, in mode all. */
    EVERY(1_000_000) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.subscribe(EVERYTHING, ",\"fields\":[\"bid\",\"ask\"],\"mode\":\"all\"");
        }
    },
    /** A subscribe to the changes of two fields of all topics. */
    DELTA_FIELDS(1_000_000) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.subscribe(EVERYTHING, DELTA);
        }
    },
    /** A change of a subscription to all topics to the changes of two fields. */
    CHANGE(100) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.after(EVERYTHING, "{\"op\":\"change\",\"id\":2,\"sub\":\"a\",\"fields\":[\"bid\"],\"delta\":true}");
        }
    },
    /** All topics leave a subscription, by ten patterns. */
    UNSUBSCRIBE_SYMBOLS(20) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.after(EVERYTHING, "{\"op\":\"unsubscribe\",\"id\":2,\"sub\":\"a\",\"symbols\":["
                + IntStream.range(0, 10).mapToObj(i -> "\"*" + i + "\"").collect(Collectors.joining(",")) + "]}");
        }
    },
    /** A subscription to all topics ends. */
    UNSUBSCRIBE(20) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.after(EVERYTHING, "{\"op\":\"unsubscribe\",\"id\":2,\"sub\":\"a\"}");
        }
    },
    /** The client of a subscription to all topics goes away. */
    DISCONNECT(0) {
        @Override
        void ask(final Asker asker) throws IOException {
            try (FirstClient client = asker.client()) {
                client.upgrade(WS, asker.header(), WELCOME_BYTES);
                client.send(subscribe(EVERYTHING, DELTA), asker.least(ALL_BYTES));
                asker.probe().begin();
            }
            RigClock.until(RigClock.afterSeconds(QUIET_SECONDS));
            asker.probe().end();
        }
    },
    /** A client resumes a subscription to all topics. */
    RESUME(100) {
        @Override
        void ask(final Asker asker) throws IOException {
            final String position;
            try (FirstClient client = asker.client()) {
                client.upgrade(WS, "", WELCOME_BYTES);
                client.send(subscribe(EVERYTHING, ""), ALL_BYTES);
                position = "{\"epoch\":" + last(client.tail(), "epoch") + ",\"p\":" + last(client.tail(), "p") + "}";
            }
            asker.subscribe(EVERYTHING, ",\"resume\":" + position);
        }
    },
    /** A list of a subscription to all topics. */
    LIST(100) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.after(EVERYTHING, "{\"op\":\"list\",\"id\":2}");
        }
    },
    /** All images over HTTP. */
    SNAPSHOT(2_000_000) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.ask(client -> client.get("/v1/snapshot", "Connection: close\r\n", asker.least()));
        }
    },
    /** All images over HTTP, compressed. */
    SNAPSHOT_GZIP(50_000) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.ask(
                client -> client.get("/v1/snapshot", "Connection: close\r\nAccept-Encoding: gzip\r\n", asker.least()));
        }
    },
    /** All names over HTTP. */
    SYMBOLS(100_000) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.ask(client -> client.get("/v1/symbols", "Connection: close\r\n", asker.least()));
        }
    },
    /** Server-sent events of all topics. */
    SSE(2_000_000) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.ask(client -> client.get("/v1/sse?symbols=*", "", asker.least()));
        }
    },
    /** The payloads of all topics. */
    RAW(1_000_000) {
        @Override
        void ask(final Asker asker) throws IOException {
            asker.ask(client -> client.upgrade("/v1/raw?symbols=*", asker.header(), asker.least()));
        }
    };

    static final String WS = "/v1/ws";
    private static final int NAMES_COUNT = 10_000;
    private static final String EVERYTHING = "\"symbols\":[\"*\"]";
    private static final String DELTA = ",\"fields\":[\"bid\",\"ask\"],\"delta\":true";
    private static final long WELCOME_BYTES = 500;
    private static final long ALL_BYTES = 1_000_000;
    private static final long DEFLATED_BYTES = 20_000;
    private static final double QUIET_SECONDS = 0.3;

    /** Is notified of when to look. */
    public interface Probe {
        /** The request comes now. */
        void begin();

        /** It is answered. */
        void end();
    }

    private final long leastBytes;

    FirstRequest(final long leastBytes) {
        this.leastBytes = leastBytes;
    }

    /** Asks. */
    abstract void ask(Asker asker) throws IOException;

    /** As options and reports spell it. */
    public String spelling() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Sends it, by a client that offers compression if {@code isDeflated}. */
    public void ask(final int port, final ClientSecurity security, final boolean isDeflated, final Probe probe)
            throws IOException {
        ask(new Asker(this, port, security, isDeflated, probe));
    }

    private static String symbols(final List<String> names) {
        return "\"symbols\":[" + names.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(",")) + "]";
    }

    private static String patterns(final int count) {
        return symbols(IntStream.range(0, count).mapToObj(i -> "*" + i + "*7").toList());
    }

    private static String subscribe(final String symbols, final String terms) {
        return "{\"op\":\"subscribe\",\"id\":1,\"sub\":\"a\"," + symbols + terms + "}";
    }

    private static String last(final String text, final String field) {
        final Matcher matcher = Pattern.compile("\"" + field + "\":(\\d+)").matcher(text);
        String found = "0";
        while (matcher.find()) {
            found = matcher.group(1);
        }
        return found;
    }

    /** What a client does. */
    private interface Talk {
        void with(FirstClient client) throws IOException;
    }

    /** One that asks. */
    private record Asker(FirstRequest kind, int port, ClientSecurity security, boolean isDeflated, Probe probe) {
        String header() {
            return isDeflated ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "";
        }

        /** Compressed, everything is shorter. */
        long least(final long bytes) {
            return isDeflated ? Math.min(bytes, DEFLATED_BYTES) : bytes;
        }

        long least() {
            return least(kind.leastBytes);
        }

        FirstClient client() throws IOException {
            return new FirstClient(port, security);
        }

        /** A connection and its first request. */
        void ask(final Talk talk) throws IOException {
            probe.begin();
            try (FirstClient client = client()) {
                talk.with(client);
                end(client);
            }
        }

        /** The first subscribe of a connection. */
        void subscribe(final String symbols, final String terms) throws IOException {
            try (FirstClient client = client()) {
                client.upgrade(WS, header(), WELCOME_BYTES);
                probe.begin();
                client.send(FirstRequest.subscribe(symbols, terms), least(kind.leastBytes));
                end(client);
            }
        }

        /** A message to a subscription. */
        void after(final String symbols, final String message) throws IOException {
            try (FirstClient client = client()) {
                client.upgrade(WS, header(), WELCOME_BYTES);
                client.send(FirstRequest.subscribe(symbols, ""), least(ALL_BYTES));
                probe.begin();
                client.send(message, least(kind.leastBytes));
                end(client);
            }
        }

        private void end(final FirstClient client) {
            probe.end();
            if (client.bytes() < least()) {
                throw new IllegalStateException(kind.spelling() + " was answered by " + client.bytes() + " bytes: "
                    + client.tail());
            }
        }
    }
}
