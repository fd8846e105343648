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
        "products.odd { symbols = [x], channels = [qoute] }", "log.level = loud", "feeds.main.symbls = [x]",
        "products.a.symbols = [", "feeds.main.channels = [depth]", "feeds.main.symbols = [S1, S1]",
        "feeds.late { venue = nowhere.conf }", "feeds.late { venue = broken-venue.conf, url = \"ws://127.0.0.1:1/\" }",
        "feeds.late { venue = asked.conf, url = \"ws://127.0.0.1:1/\", channels = [depth] }",
        "limits.work-per-second = -1",
        "fanout.pong-within = 1s", "server.allowed-origins = [\"null\"]", "auth.mode = jwt", "server.port = 70000",
        "products { }\nproducts = null", "fanout.interval { min = 10s, max = 1s }"};

    private final Random random;
    private final String[] urls;

    /** Of feeds at these addresses: that of {@code main}, two for {@code second}, and that of {@code demand}. */
    RandomConfigs(final Random random, final String... urls) {
        this.random = random;
        this.urls = urls;
    }

    /** Every symbol of every channel and feed, and each product has them all. */
    String whole() {
        return fixed() + "feeds.main { channels = [quote, trade], symbols = " + all() + " }\n"
            + feed("second", "asked.conf", urls[1], "channels = [quote, trade], symbols = " + all())
            + feed("demand", "asked.conf", urls[3], "symbols = on-demand") + "auth.keys-file = a.conf\n"
            + "products { a.symbols = [\"*\"], b.symbols = [\"S1*\"], c.symbols = [S2] }\n";
    }

    private String fixed() {
        return feed("main", "asked.conf", urls[0], "") + "auth { mode = keys, sessions = 0 }\n";
    }

    private static String feed(final String name, final String file, final String url, final String more) {
        return "feeds." + name + " { venue = " + file + ", url = \"" + url + "\"" + (more.isEmpty() ? "" : ", " + more)
            + " }\n";
    }

    String good() {
        final StringBuilder text = new StringBuilder(fixed());
        text.append("feeds.main { channels = ").append(channels()).append(", symbols = ").append(some())
            .append(" }\n");
        if (random.nextInt(3) > 0) {
            text.append(feed("second", pick("asked.conf", "asked.conf", "other.conf"), pick(urls[1], urls[1], urls[2]),
                "channels = " + channels() + ", symbols = " + some() + pick("", ", linger = 1s")));
        }
        if (random.nextInt(3) > 0) {
            text.append(feed("demand", "asked.conf", urls[3],
                "symbols = on-demand, linger = " + pick("0s", "0s", "1s")));
        }
        if (random.nextInt(3) == 0) {
            text.append(feed("other" + random.nextInt(5), "other.conf", urls[2], "symbols = " + some()));
        }
        text.append("auth.keys-file = ").append(pick("a.conf", "b.conf")).append('\n');
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

    private String channels() {
        return pick("[quote, trade]", "[quote]", "[trade]");
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
