package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.telemetry.Counter;
import penstock.testkit.ParsedJson;
import penstock.testkit.Seeds;
import penstock.usage.HandClock;
import penstock.usage.Licence;
import penstock.usage.ReckonedUsage;
import penstock.usage.ledger.LedgerFiles;

/**
 * A month of random sessions of a whole relay, over every endpoint, by a clock that the test turns. The report is the
 * one that is reckoned from what the subscribers logged themselves.
 */
@Tag("slow")
@Tag("gate")
@Timeout(300)
class UsageMonthTest {
    private static final String START = "2026-11-01T00:00:00Z";
    private static final int HOURS = 80;
    /** By symbol, in the order in which they count. */
    private static final Map<String, List<String>> PRODUCTS = Map.of("EURUSD", List.of("bundle", "fx"), "GBPUSD",
        List.of("fx"), "XAUUSD", List.of("bundle", "metals"), "XAGUSD", List.of("metals"), "USDJPY", List.of("bundle"));
    private static final List<List<String>> CONTRACTS = List.of(List.of("fx"), List.of("fx", "metals"),
        List.of("bundle", "fx"), List.of("bundle", "fx", "metals"), List.of("metals"));

    /** A subscriber with its log. */
    private final class Subscriber {
        private final String id;
        private final String device;
        private final List<String> wanted;
        private List<String> symbols;
        private final Map<Licence, ReckonedUsage.Use> uses = new LinkedHashMap<>();
        private UsageClient client;

        Subscriber(final String id, final String device, final List<String> symbols) {
            this.id = id;
            this.device = device;
            wanted = symbols;
            follow();
        }

        /** What it may see by its contract, and what it does not use any more. */
        void follow() {
            symbols = wanted.stream().filter(symbol -> product(id, symbol) != null).toList();
            uses.entrySet().removeIf(entry -> {
                final boolean isOver = !contracts.get(id).contains(entry.getKey().product());
                if (isOver) {
                    entry.getValue().end(clock.millis());
                }
                return isOver;
            });
        }

        void log(final UsageClient.Value value) {
            received++;
            uses.computeIfAbsent(licence(id, value.symbol()), licence -> begin(licence, device))
                .receive(value.isImage(), clock.millis());
        }

        void end() {
            uses.values().forEach(use -> use.end(clock.millis()));
        }
    }

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final HandClock clock = new HandClock(START);
    private final Random random = Seeds.random(seeds.fresh());
    private final ReckonedUsage reckoned = new ReckonedUsage();
    private final Map<String, List<String>> contracts = new TreeMap<>();
    private final Map<Licence, ReckonedUsage.Active> active = new LinkedHashMap<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    @TempDir
    private Path folder;
    private UsageRelay relay;
    private long received;

    @Test
    void shouldReportWhatTheSubscribersLogged() throws Exception {
        relay = new UsageRelay(folder, clock, "auth.sessions = 0");
        try {
            month();
        } finally {
            relay.close();
        }
    }

    private void month() throws Exception {
        for (int i = 0; i < CONTRACTS.size(); i++) {
            contract("desk-" + i, CONTRACTS.get(i));
        }
        live();
        for (final YearMonth month : LedgerFiles.in(relay.ledger).keySet()) {
            for (final String unit : List.of("user", "device")) {
                for (final String basis : List.of("enabled", "accessed")) {
                    final CommandRun report = CommandRun.of("usage", "report", relay.ledger.toString(), "--month",
                        month.toString(), "--unit", unit, "--basis", basis);
                    assertThat(report.out()).as("%s %s %s", month, unit, basis).isEqualTo(
                        reckoned.report(month, unit.equals("device"), basis.equals("enabled"), null));
                }
            }
        }
        assertThat(reckoned.report(YearMonth.parse("2026-11"), true, false, null).lines().count()).isGreaterThan(10);
        findFlips();
    }

    private void live() throws Exception {
        begin();
        for (int i = 0; i < HOURS; i++) {
            handOverAfter(1);
            handOverAfter(random.nextInt(18));
            for (int n = random.nextInt(4); n >= 0; n--) {
                clock.setMs(clock.millis() + 1 + random.nextInt((int) ReckonedUsage.HOUR_MS / 5));
                act();
                settle();
            }
            if (i == HOURS / 3) {
                clock.setMs(clock.millis() + 1);
                changeContracts();
            } else if (i == HOURS / 2) {
                clock.setMs(clock.millis() + 1);
                restart();
            }
        }
        clock.setMs(clock.millis() + 1);
        end();
    }

    /** The io threads hand over at the beginning of an hour. */
    private void handOverAfter(final int hours) throws InterruptedException {
        clock.setMs((clock.millis() / ReckonedUsage.HOUR_MS + hours) * ReckonedUsage.HOUR_MS);
        relay.usage().handOver(10_000);
    }

    private void act() throws Exception {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> open();
            case 3 -> leave();
            case 4 -> ask();
            default -> {
                final String symbol = UsageRelay.SYMBOLS.get(random.nextInt(UsageRelay.SYMBOLS.size()));
                final int bid = relay.tick(symbol);
                for (final Subscriber each : subscribers) {
                    if (each.symbols.contains(symbol)) {
                        each.client.readUntil(symbol, bid);
                    }
                }
            }
        }
    }

    private void open() throws IOException {
        final String id = anyClient();
        final List<String> wanted = UsageRelay.SYMBOLS.stream().filter(symbol -> random.nextInt(3) > 0).toList();
        final String named = random.nextBoolean() ? "device-" + random.nextInt(3) : null;
        final Subscriber subscriber = new Subscriber(id, named == null ? "127.0.0.1" : named, wanted);
        if (subscriber.symbols.isEmpty()) {
            return;
        }
        final UsageClient.Way way = UsageClient.Way.values()[random.nextInt(3)];
        subscriber.client = new UsageClient(relay, id, way, "symbols=" + String.join(",", wanted) + "&interval=0"
            + (named == null ? "" : "&device=" + named), (self, value) -> subscriber.log(value));
        subscribers.add(subscriber);
        for (final String symbol : subscriber.symbols) {
            subscriber.client.readUntil(symbol, relay.last(symbol));
        }
    }

    private void leave() throws IOException {
        if (!subscribers.isEmpty()) {
            final Subscriber subscriber = subscribers.remove(random.nextInt(subscribers.size()));
            subscriber.client.leave();
            awaitUses();
            subscriber.end();
        }
    }

    private void ask() throws Exception {
        final String id = anyClient();
        final String[] authorization = relay.bearer(id).split(": ", 2);
        final String body = http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + relay.port() + "/v1/snapshot?device=a,%20page"))
            .header(authorization[0], authorization[1]).build(), BodyHandlers.ofString()).body();
        final Map<Licence, ReckonedUsage.Use> uses = new LinkedHashMap<>();
        for (final Object entry : (List<?>) ParsedJson.object(ParsedJson.values(body)).get("data")) {
            final String symbol = (String) ParsedJson.object(entry).get("s");
            uses.computeIfAbsent(licence(id, symbol), licence -> begin(licence, "a, page").ofRequest())
                .receive(true, clock.millis());
        }
        assertThat(uses).isNotEmpty();
    }

    /** One client has no key any more, two get other products while they have sessions, and one is new. */
    private void changeContracts() throws Exception {
        end(subscribers.stream().filter(each -> each.id.equals("desk-4")).toList());
        relay.remove("desk-4");
        contracts.remove("desk-4");
        contract("desk-0", List.of("fx", "metals"));
        contract("desk-3", List.of("fx", "metals"));
        contract("desk-5", List.of("metals"));
        relay.writeKeys();
        await().until(() -> relay.usage().active() == contracts.values().stream().mapToInt(List::size).sum());
        entitle();
        for (final Subscriber each : subscribers) {
            each.follow();
            for (final String symbol : each.symbols) {
                each.client.readUntil(symbol, relay.last(symbol));
            }
        }
        settle();
        awaitUses();
    }

    /** A client may read a frame before the relay has counted it, by the clock of that moment. */
    private void settle() {
        await().until(() -> relay.relay().telemetry().sum(Counter.UPDATES_DELIVERED)
            + relay.relay().telemetry().sum(Counter.IMAGES_DELIVERED) == received);
    }

    private void awaitUses() {
        await().until(() -> relay.usage().openUses()
            == subscribers.stream().mapToInt(each -> each.uses.size()).sum());
    }

    private void restart() throws IOException {
        end();
        clock.setMs(clock.millis() + 1);
        begin();
    }

    private void begin() throws IOException {
        received = 0;
        relay.start();
        entitle();
    }

    private void end() throws IOException {
        end(List.copyOf(subscribers));
        relay.stop();
    }

    private void end(final List<Subscriber> ending) throws IOException {
        for (final Subscriber each : ending) {
            subscribers.remove(each);
            each.client.leave();
            awaitUses();
            each.end();
        }
    }

    private void contract(final String id, final List<String> products) {
        contracts.put(id, products);
        relay.client(id, products, id.equals("desk-1") ? ", display = false" : "");
    }

    /** Entitlements begin and end as the contracts say. */
    private void entitle() {
        final List<Licence> now = new ArrayList<>();
        contracts.forEach((id, products) -> products.forEach(product -> now.add(licenceOf(id, product))));
        for (final Licence licence : now) {
            active.computeIfAbsent(licence, begins -> {
                final ReckonedUsage.Active entitled = new ReckonedUsage.Active(begins, clock.millis());
                reckoned.actives.add(entitled);
                return entitled;
            });
        }
        active.entrySet().removeIf(entry -> {
            final boolean isOver = !now.contains(entry.getKey());
            if (isOver) {
                entry.getValue().end(clock.millis());
            }
            return isOver;
        });
    }

    private ReckonedUsage.Use begin(final Licence licence, final String device) {
        final ReckonedUsage.Use use = new ReckonedUsage.Use(licence, device, clock.millis());
        reckoned.uses.add(use);
        return use;
    }

    private String anyClient() {
        final List<String> ids = List.copyOf(contracts.keySet());
        return ids.get(random.nextInt(ids.size()));
    }

    private String product(final String id, final String symbol) {
        return PRODUCTS.get(symbol).stream().filter(contracts.get(id)::contains).findFirst().orElse(null);
    }

    private Licence licence(final String id, final String symbol) {
        return licenceOf(id, product(id, symbol));
    }

    private static Licence licenceOf(final String id, final String product) {
        return new Licence(id, product, !id.equals("desk-1") && !product.equals("metals"));
    }

    /** Any flipped byte is found. */
    private void findFlips() throws IOException {
        assertThat(CommandRun.of("usage", "verify", relay.ledger.toString()).code()).isZero();
        for (final Path file : LedgerFiles.in(relay.ledger).values()) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                for (int i = 0; i < 100; i++) {
                    final ByteBuffer one = ByteBuffer.allocate(1);
                    final long place = (long) (random.nextDouble() * channel.size());
                    channel.read(one, place);
                    final byte was = one.get(0);
                    channel.write(ByteBuffer.wrap(new byte[] {(byte) (was ^ 1 << random.nextInt(8))}), place);
                    final CommandRun verify = CommandRun.of("usage", "verify", relay.ledger.toString());
                    assertThat(verify.code()).as("byte %s of %s", place, file).isEqualTo(1);
                    assertThat(verify.out()).startsWith("BROKEN ");
                    channel.write(ByteBuffer.wrap(new byte[] {was}), place);
                }
            }
        }
        assertThat(CommandRun.of("usage", "verify", relay.ledger.toString()).code()).isZero();
    }
}
