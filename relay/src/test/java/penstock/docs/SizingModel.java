package penstock.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * From subscribers to machines, written apart from the calculator's JavaScript: two that agree are worth more than one.
 * The tables of the page come from here. Immutable.
 */
final class SizingModel {
    private static final double KIB = 1024;
    private static final double MIB = KIB * KIB;
    private static final double GIB = MIB * KIB;
    private static final double SECONDS_OF_MONTH = 30 * 86_400;
    private static final int MAX_LINKS = 32;
    /** A link is asked for with an interval of 1 ms. */
    private static final int LINK_MESSAGES = 1000;
    private static final int MAX_HOPS = 4;
    private static final int COMPRESSED_FROM = 256;
    private static final int PACKET = 1448;
    private static final int RECORD = 16_384;
    private static final int MAX_IO_THREADS = 256;

    private final SizingFigures figures;

    /**
     * What is asked for.
     *
     * @param numbers by the names of the calculator's fields
     * @param choices the format, the compression and TLS
     */
    record Asked(Map<String, Double> numbers, Map<String, String> choices) {
        double number(final String name) {
            return numbers.get(name);
        }

        boolean hasTls() {
            return choices.get("tls").equals("yes");
        }
    }

    /**
     * The answer.
     *
     * @param numbers by name
     * @param decides what the machines run out of first
     * @param rows    relays between the ingest and the edges, row by row
     */
    record Answer(Map<String, Double> numbers, String decides, List<Long> rows) {
        double number(final String name) {
            return numbers.get(name);
        }
    }

    SizingModel(final SizingFigures figures) {
        this.figures = figures;
    }

    /** Throws {@link IllegalArgumentException} if no number of such machines is enough. */
    Answer plan(final Asked asked) {
        final Map<String, Double> out = new TreeMap<>();
        each(asked, out);
        final double share = asked.number("ceiling") / 100;
        final double cpuRoom = asked.number("cores") * share - out.get("feedCores");
        final double memoryRoom = asked.number("memory") * GIB * share - out.get("feedMemory");
        final double networkRoom = asked.number("network") * 1e9 / 8 * share;
        final Map<String, Double> perMachine = new LinkedHashMap<>();
        perMachine.put("network", Math.floor(networkRoom / out.get("bytes")));
        perMachine.put("CPU", Math.floor(cpuRoom * 1e6 / out.get("cpu")));
        perMachine.put("memory", Math.floor(memoryRoom / out.get("memory")));
        perMachine.put("sessions", asked.number("sessions"));
        final String decides = perMachine.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
        if (perMachine.get(decides) < 1) {
            throw new IllegalArgumentException("a machine is too small: " + decides);
        }
        final double subscribers = asked.number("subscribers");
        final double needed = Math.ceil(subscribers / perMachine.get(decides));
        final double edges = Math.ceil(needed / (1 - asked.number("lost") / 100));
        out.put("served", perMachine.get(decides));
        out.put("needed", needed);
        out.put("edges", edges);
        out.put("sessions", Math.ceil(subscribers / edges));
        out.put("egressGbit", subscribers * out.get("bytes") * 8 / 1e9);
        out.put("terabytes", subscribers * out.get("bytes") * SECONDS_OF_MONTH / 1e12);
        out.put("cores", subscribers * out.get("cpu") / 1e6 + edges * out.get("feedCores"));
        out.put("memoryGiB", (subscribers * out.get("memory") + edges * out.get("feedMemory")) / GIB);
        storm(asked, out);
        return new Answer(out, decides, edges == 1 ? alone(out) : links(out, cpuRoom, networkRoom));
    }

    private double figure(final String name) {
        return figures.value(name);
    }

    /** Of one subscriber, and of the feed in each machine. */
    private void each(final Asked asked, final Map<String, Double> out) {
        final double symbols = asked.number("symbols");
        final double updates = asked.number("updates");
        final double interval = asked.number("interval");
        final double messages = interval == 0 ? updates : Math.min(updates, 1000 / interval);
        final double perMessage = Math.min(symbols, updates / messages);
        final String format = asked.choices.get("format");
        final double plain = figure(format + "Message") + perMessage * figure(format + "Update");
        double cpu = figure("message") + perMessage * figure("update");
        double sent = plain;
        if (asked.hasTls()) {
            cpu += figure("tls");
        }
        if (!asked.choices.get("compression").equals("none") && plain >= COMPRESSED_FROM) {
            final String how = asked.choices.get("compression").equals("own") ? "deflate" : "shared";
            cpu += figure(how) + perMessage * figure(how + "Update");
            sent *= figure(format + "Deflate");
        }
        if (asked.hasTls()) {
            sent += Math.ceil(sent / RECORD) * figure("record");
        }
        sent += Math.ceil(sent / PACKET) * figure("packet");
        final double upstream = asked.number("topics") * updates / symbols;
        final double ioThreads = Math.max(1, Math.min(MAX_IO_THREADS, asked.number("cores") - 1));
        out.put("messages", messages);
        out.put("perMessage", perMessage);
        out.put("bytes", messages * sent);
        out.put("cpu", messages * cpu);
        out.put("memory", (figure("session") + figure("subscription")
            + (asked.hasTls() ? figure("tlsSession") : 0)) * KIB + symbols * figure("listed"));
        out.put("upstream", upstream);
        out.put("feedCores", upstream * (figure("tick") + ioThreads * figure("store")) / 1e6);
        out.put("feedMemory",
            figure("relay") * MIB + asked.number("topics") * figure("topic") * KIB * (1 + ioThreads));
    }

    private void storm(final Asked asked, final Map<String, Double> out) {
        final double edges = out.get("edges");
        final double come = edges == 1 ? 0 : Math.ceil(out.get("sessions") / (edges - 1));
        final double free = asked.number("cores") * (1 - asked.number("ceiling") / 100);
        out.put("stormSessions", come);
        out.put("stormSeconds", come == 0 ? 0
            : come * (figure("connect") + (asked.hasTls() ? figure("handshake") : 0)) / 1000 / free);
    }

    private static List<Long> alone(final Map<String, Double> out) {
        out.put("relays", 1.0);
        out.put("hops", 1.0);
        return List.of();
    }

    private List<Long> links(final Map<String, Double> out, final double cpuRoom, final double networkRoom) {
        final double upstream = out.get("upstream");
        final double bytes = (upstream * figure("linkUpdate") + Math.min(upstream, LINK_MESSAGES)
            * (figure("binaryMessage") + figure("position"))) * (1 + figure("packet") / PACKET);
        final double each = Math.min(MAX_LINKS, Math.min(Math.floor(networkRoom / bytes),
            Math.floor(cpuRoom * 1e6 / (upstream * figure("link")))));
        if (each < 1) {
            throw new IllegalArgumentException("a machine is too small for one link");
        }
        final List<Long> rows = new ArrayList<>();
        double served = out.get("edges");
        while (served > each) {
            served = Math.ceil(served / each) + 1;
            rows.add(0, (long) served);
            if (each < 2 || rows.size() + 2 > MAX_HOPS) {
                throw new IllegalArgumentException("too many hops");
            }
        }
        out.put("hops", 2.0 + rows.size());
        out.put("relays", out.get("edges") + rows.stream().mapToLong(row -> row).sum() + 2);
        out.put("ingest", served);
        out.put("linkGbit", bytes * 8 / 1e9);
        out.put("ingestGbit", served * bytes * 8 / 1e9);
        return rows;
    }
}
