package penstock;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Configurations of a running relay, made up of what a reload can change; and mistakes. One thread. */
final class RandomConfigs {
    static final int SYMBOLS = 12;
    private static final String[] MISTAKES = {"fanout.interval.min = soon", "auth.keys-file = nowhere.conf",
        "auth.keys-file = broken.conf", "server.tls { certificate = no.pem, key = no.pem }",
        "products.odd { symbols = [x], channels = [qoute] }", "log.level = loud", "feed.symbls = [x]",
        "products.a.symbols = [", "feed.channels = [depth]", "feed.symbols = [S1, S1]", "limits.work-per-second = -1",
        "fanout.pong-within = 1s", "server.allowed-origins = [\"null\"]", "auth.mode = jwt", "server.port = 70000",
        "products { }\nproducts = null", "fanout.interval { min = 10s, max = 1s }"};

    private final Random random;
    private final String fixed;

    /** {@code fixed}: what they all have. */
    RandomConfigs(final Random random, final String fixed) {
        this.random = random;
        this.fixed = fixed;
    }

    /** Every symbol of every channel, and each product has them all. */
    String whole() {
        return fixed + "feed { channels = [quote, trade], symbols = " + all() + " }\nauth.keys-file = a.conf\n"
            + "products { a.symbols = [\"*\"], b.symbols = [\"S1*\"], c.symbols = [S2] }\n";
    }

    String good() {
        final StringBuilder text = new StringBuilder(fixed);
        text.append("feed { channels = ").append(pick("[quote, trade]", "[quote]", "[trade]")).append(", symbols = ")
            .append(some()).append(" }\nauth.keys-file = ").append(pick("a.conf", "b.conf")).append('\n');
        for (final String product : new String[] {"a", "b", "c"}) {
            text.append("products.").append(product).append(" { symbols = ")
                .append(pick("[\"*\"]", "[\"S1*\"]", some().toString())).append(pick("", ", channels = [quote]",
                ", display = false")).append(" }\n");
        }
        maybe(text, "server.allowed-origins = [\"https://" + pick("a", "b") + ".example.com\"]");
        maybe(text, "server.host-names = [relay.example.com]");
        maybe(text, "server.trusted-proxies = [\"10.0.0.0/8\"]");
        maybe(text, "server.max-sessions = " + pick("10", "1000"));
        maybe(text, "server.max-sessions-per-address = " + pick("1", "5000"));
        maybe(text, "server.handshakes-per-second = " + pick("1", "5000"));
        maybe(text, "server.subscriptions-per-address = 10");
        maybe(text, "fanout.interval.default = " + pick("0", "20ms", "1s"));
        maybe(text, "fanout.limits { subscriptions = " + pick("1", "9") + ", symbols = " + pick("1", "99") + " }");
        maybe(text, "fanout.heartbeat = " + pick("1s", "7s"));
        maybe(text, "limits.work-per-second = " + pick("0", "1000"));
        maybe(text, "limits.memory.names = " + pick("1MiB", "2MiB"));
        maybe(text, "auth.quotas.requests-per-second = " + pick("1", "100"));
        maybe(text, "auth.on-excess = " + pick("evict-oldest", "count"));
        maybe(text, "log.levels { \"penstock.upstream\" = " + pick("debug", "error") + " }");
        return text.toString();
    }

    /** A good one with a mistake. */
    String bad() {
        return good() + pick(MISTAKES) + "\n";
    }

    private void maybe(final StringBuilder text, final String setting) {
        if (random.nextInt(3) == 0) {
            text.append(setting).append('\n');
        }
    }

    private String pick(final String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    static List<String> all() {
        final List<String> symbols = new ArrayList<>();
        for (int i = 0; i < SYMBOLS; i++) {
            symbols.add("S" + i);
        }
        return symbols;
    }

    private Set<String> some() {
        final Set<String> symbols = new TreeSet<>();
        symbols.add("S" + random.nextInt(SYMBOLS));
        for (final String symbol : all()) {
            if (random.nextBoolean()) {
                symbols.add(symbol);
            }
        }
        return symbols;
    }
}
