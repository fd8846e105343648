package penstock.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.client.value.BookSide;
import penstock.testkit.ParsedJson;

/**
 * Plays one of relay/clients/situations to the client; relay/docs/reference/client-semantics.md says what each step
 * means. One thread.
 */
final class SituationPlayer {
    private static final Pattern NAME = Pattern.compile("\"(#\\w+)\"");
    private static final Map<String, ValueState> STATES = Map.of("live", ValueState.LIVE, "stale", ValueState.STALE,
        "closed", ValueState.CLOSED, "denied", ValueState.DENIED);

    private final HandTurnedWorld world = new HandTurnedWorld();
    private final Map<?, ?> texts;
    private final Map<String, PriceGrid> grids = new HashMap<>();
    private final Map<String, List<String>> frames = new TreeMap<>();
    /** Of those that read. */
    private final Map<String, List<Map<String, Object>>> events = new HashMap<>();
    private final Map<String, Object> ids = new HashMap<>();
    private final Map<String, Object> subs = new HashMap<>();
    private final HeardEvents heard = new HeardEvents();
    private final boolean hasRows;
    /** Of this connection; null: updates are JSON. */
    private RowWriter rows;
    /** What was thrown on the client's executor. */
    private final List<Throwable> faults = new ArrayList<>();
    private PenstockClient client;

    /** {@code texts} are those of common.json, by their keys; {@code hasRows}: updates are rows. */
    SituationPlayer(final Map<?, ?> texts, final boolean hasRows) {
        this.texts = texts;
        this.hasRows = hasRows;
    }

    /** Plays steps to their end, and looks whether anything else happened. */
    void play(final List<?> steps) {
        final Thread thread = Thread.currentThread();
        final Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
        thread.setUncaughtExceptionHandler((ignored, fault) -> faults.add(fault));
        try {
            playAll(steps);
        } finally {
            thread.setUncaughtExceptionHandler(before);
        }
    }

    private void playAll(final List<?> steps) {
        int number = 0;
        for (final Object step : steps) {
            number++;
            final Map.Entry<?, ?> only = ParsedJson.object(step).entrySet().iterator().next();
            try {
                step((String) only.getKey(), only.getValue());
                assertThat(faults).as("thrown on the client's executor").isEmpty();
            } catch (final AssertionError | RuntimeException e) {
                throw new AssertionError("step " + number + ", " + step + ": " + e.getMessage(), e);
            }
        }
        assertThat(world.sockets.isEmpty() ? List.of() : world.socket().sent).as("sent, and not expected").isEmpty();
        assertThat(heard.broken).isEmpty();
        assertThat(heard.errors).isEmpty();
        assertThat(heard.warnings).isEmpty();
        client.close();
        assertThat(world.isIdle()).as("a client that is closed leaves no timer").isTrue();
    }

    private void step(final String action, final Object argument) {
        switch (action) {
            case "connect" -> connect(ParsedJson.object(argument));
            case "subscribe" -> subscribe(ParsedJson.object(argument));
            case "set" -> grid(argument).set(terms(grid(argument).terms(), ParsedJson.object(argument)));
            case "read" -> events.put((String) argument, new ArrayList<>());
            case "end" -> grids.get(argument).close();
            case "disconnect" -> client.close();
            case "random" -> world.random = Double.parseDouble((String) argument);
            case "pass" -> world.pass(number(argument));
            case "sleep" -> world.sleep(number(argument));
            case "hide" -> client.hide("true".equals(argument));
            case "online" -> client.wake();
            case "accept" -> {
                // a client may name its subscriptions otherwise on each connection
                subs.clear();
                rows = hasRows ? new RowWriter() : null;
                world.accept();
            }
            case "receive" -> list(argument)
                .forEach(text -> receive(named(message(texts.containsKey(text) ? texts.get(text) : text))));
            case "close" -> world.close((int) number(ParsedJson.object(argument).get("code")),
                (String) ParsedJson.object(argument).get("reason"));
            default -> expect(action, argument);
        }
    }

    private void expect(final String action, final Object argument) {
        switch (action) {
            case "sent" -> expectSent(ParsedJson.list(argument));
            case "sockets" -> assertThat(world.sockets).hasSize((int) number(argument));
            case "isClosed" -> assertThat(world.socket().isClosed).isEqualTo("true".equals(argument));
            case "frame" -> expectFrame(argument);
            case "view" -> client.execute(() -> expectView(ParsedJson.object(argument)));
            case "symbols" -> client.execute(() -> assertThat(grid(argument).symbols().stream().sorted().toList())
                .isEqualTo(ParsedJson.object(argument).get("are")));
            case "events" -> expectEvents(ParsedJson.object(argument));
            case "state" -> {
                expectFields(fields(heard.state), argument);
                assertThat(client.state()).isEqualTo(heard.state);
            }
            case "broken" -> expectFields(heard.broken.poll(), argument);
            case "error" -> expectFields(heard.errors.poll(), argument);
            case "warning" -> assertThat(heard.warnings.poll()).isEqualTo(argument);
            case "ready" -> assertThat(end(grid(argument).ready())).isEqualTo(ParsedJson.object(argument).get("is"));
            default -> throw new AssertionError("an unknown step");
        }
    }

    private void receive(final String message) {
        (rows == null ? List.of(message) : rows.write(message)).forEach(world::receive);
    }

    private PriceGrid grid(final Object argument) {
        return grids.get(ParsedJson.object(argument).get("of"));
    }

    // ---- what the user does

    private void connect(final Map<?, ?> options) {
        ClientOptions made = ClientOptions.on(Runnable::run).listener(heard).transport(world).platform(world);
        if (options.containsKey("hidden")) {
            made = made.hidden((int) number(options.get("hidden")));
        }
        if (options.containsKey("tokens")) {
            final Deque<Object> tokens = new ArrayDeque<>(ParsedJson.list(options.get("tokens")));
            made = made.tokens(() -> tokens.isEmpty()
                ? CompletableFuture.failedFuture(new IllegalStateException("no token"))
                : CompletableFuture.completedFuture((String) tokens.poll()));
        }
        client = PenstockClient.connect("ws://relay/v1/ws", made);
    }

    private void subscribe(final Map<?, ?> asked) {
        final String name = (String) asked.get("as");
        final GridTerms terms = terms(GridTerms.of(), asked);
        grids.put(name, switch ((String) asked.get("kind")) {
            case "quotes" -> client.open(terms.orChannel("quote"), frame -> onFrame(name, frame), new Reader(name));
            case "book" -> client.open(terms.orChannel("book"), frame -> onFrame(name, frame), new Reader(name));
            case "trades" -> client.open(terms.orChannel("trade").everyUpdate(), frame -> onFrame(name, frame),
                new Reader(name));
            default -> throw new AssertionError("an unknown kind");
        });
    }

    private static GridTerms terms(final GridTerms before, final Map<?, ?> changes) {
        GridTerms terms = before;
        for (final Map.Entry<?, ?> change : changes.entrySet()) {
            final Object value = change.getValue();
            terms = switch ((String) change.getKey()) {
                case "symbol" -> terms.symbols((String) value);
                case "symbols" -> terms.symbols(strings(value));
                case "channel" -> terms.channel((String) value);
                case "feed" -> terms.feed((String) value);
                case "interval" -> terms.interval((int) number(value));
                case "fields" -> terms.fields(strings(value));
                case "maxRate" -> terms.maxRate((int) number(value));
                case "depth" -> terms.depth((int) number(value));
                case "as", "of", "kind" -> terms;
                default -> throw new AssertionError("unknown terms");
            };
        }
        return terms;
    }

    private void onFrame(final String name, final FrameView frame) {
        final List<String> symbols = frames.computeIfAbsent(name, none -> new ArrayList<>());
        frame.forEach(view -> symbols.add(view.symbol()));
        symbols.sort(null);
    }

    /** Keeps events from the step on that reads them. */
    private final class Reader implements EventListener {
        private final String name;

        Reader(final String name) {
            this.name = name;
        }

        @Override
        public void onEvent(final TopicView event) {
            final Map<String, Object> fields = fields(event);
            fields.put("symbol", event.symbol());
            add(fields);
        }

        @Override
        public void onGap(final long missed) {
            final Map<String, Object> gap = new HashMap<>();
            gap.put("gap", "true");
            gap.put("missed", missed == UNKNOWN ? null : text(missed));
            add(gap);
        }

        @Override
        public void onEnd(final RefusedException reason) {
            add(reason == null ? Map.of("over", "true") : Map.of("refused", reason.code()));
        }

        private void add(final Map<String, Object> event) {
            if (events.containsKey(name)) {
                events.get(name).add(event);
            }
        }
    }

    // ---- what is expected

    private void expectSent(final List<?> expected) {
        final List<Object> sent = new ArrayList<>();
        world.socket().sent.forEach(text -> sent.add(ParsedJson.values(text)));
        world.socket().sent.clear();
        final List<Object> wanted = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            final Map<String, Object> request = new HashMap<>();
            ParsedJson.object(ParsedJson.values(message(expected.get(i))))
                .forEach((name, value) -> request.put((String) name, value));
            final Map<?, ?> actual = i < sent.size() ? ParsedJson.object(sent.get(i)) : Map.of();
            bind(request, actual, "id", ids);
            bind(request, actual, "sub", subs);
            wanted.add(request);
        }
        assertThat(sent).isEqualTo(wanted);
    }

    /** A name like #id stands for what the client chose: it is bound where it is met first. */
    private static void bind(final Map<String, Object> expected, final Map<?, ?> actual, final String field,
            final Map<String, Object> names) {
        if (expected.get(field) instanceof String name && name.startsWith("#")) {
            expected.put(field, names.computeIfAbsent(name, none -> actual.get(field)));
        }
    }

    private String named(final String text) {
        return NAME.matcher(text).replaceAll(found -> {
            final Object bound = ids.getOrDefault(found.group(1), subs.get(found.group(1)));
            assertThat(bound).as(found.group(1) + " is bound").isNotNull();
            return Matcher.quoteReplacement(bound instanceof String ? "\"" + bound + '"' : bound.toString());
        });
    }

    private void expectFrame(final Object expected) {
        world.paint();
        final Map<String, List<String>> shown = new TreeMap<>(frames);
        frames.clear();
        assertThat(shown).isEqualTo(new TreeMap<>(ParsedJson.object(expected)));
    }

    private void expectView(final Map<?, ?> argument) {
        final TopicView view = grid(argument).get((String) argument.get("symbol"));
        if (argument.get("is") == null) {
            assertThat(view).isNull();
        } else {
            expectFields(view == null ? null : fields(view), argument.get("is"));
        }
    }

    private void expectEvents(final Map<?, ?> argument) {
        final List<Map<String, Object>> read = events.put((String) argument.get("of"), new ArrayList<>());
        final List<?> expected = ParsedJson.list(argument.get("are"));
        assertThat(read).hasSize(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            expectFields(read.get(i), expected.get(i));
        }
    }

    /** Every field of {@code expected}; null: not there. */
    private static void expectFields(final Map<String, Object> actual, final Object expected) {
        assertThat(actual).as("there is something").isNotNull();
        final Map<String, Object> seen = new LinkedHashMap<>();
        ParsedJson.object(expected).keySet().forEach(name -> seen.put((String) name, actual.get(name)));
        assertThat(seen).isEqualTo(expected);
    }

    private static Map<String, Object> fields(final SessionState state) {
        final Map<String, Object> fields = new HashMap<>();
        fields.put("state", state.phase().name().toLowerCase(Locale.ROOT));
        final Map<String, Object> feeds = new HashMap<>();
        state.feeds().forEach((name, value) -> feeds.put(name, value.name().toLowerCase(Locale.ROOT)));
        fields.put("feeds", feeds);
        fields.put("feed", state.feed());
        fields.put("code", text(state.code()));
        fields.put("reason", state.reason());
        fields.put("retryIn", text(state.retryInMs()));
        return fields;
    }

    /** All of a view, numbers as text. */
    private static Map<String, Object> fields(final TopicView view) {
        final Map<String, Object> fields = new HashMap<>();
        final Object value = view.json() == null ? null
            : ParsedJson.texts(view.json().getBytes(StandardCharsets.UTF_8));
        if (value instanceof Map<?, ?> object) {
            object.forEach((name, each) -> fields.put((String) name, each));
            for (int i = 0; i < view.fieldCount(); i++) {
                expectExact(view, view.fieldName(i), object.get(view.fieldName(i)));
            }
        }
        fields.put("v", value);
        if (view.bids().size() + view.asks().size() > 0) {
            fields.put("bids", rows(view.bids()));
            fields.put("asks", rows(view.asks()));
        }
        if (view.hasValue()) {
            fields.put("q", text(view.q()));
            fields.put("c", text(view.c()));
            fields.put("age", text(view.ageMs()));
            fields.put("t", view.timeUs() == 0 ? null : text(view.timeUs()));
        }
        fields.put("state", STATES.entrySet().stream().filter(each -> each.getValue() == view.state())
            .map(Map.Entry::getKey).findFirst().orElseThrow());
        fields.put("reason", view.reason());
        return fields;
    }

    /** The field is the same as text and as a number. */
    private static void expectExact(final TopicView view, final String field, final Object value) {
        if (value instanceof String text) {
            assertThat(view.text(field)).isEqualTo(text);
            if (text.matches("-?[0-9][0-9.eE+-]*")) {
                assertThat(view.decimal(field)).isEqualTo(new BigDecimal(text));
                if (text.length() < 18) {
                    assertThat(BigDecimal.valueOf(view.mantissa(field), view.scale(field)))
                        .isEqualTo(new BigDecimal(text));
                }
            }
        } else if (value == null) {
            assertThat(view.has(field)).isTrue();
            assertThat(view.text(field)).isNull();
        }
    }

    private static List<List<String>> rows(final BookSide side) {
        final List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < side.size(); i++) {
            rows.add(List.of(side.priceText(i), side.sizeText(i)));
        }
        return rows;
    }

    /** {@code wait}, {@code ready}, or the code of the refusal. */
    private static String end(final CompletableFuture<Void> ready) {
        if (!ready.isDone()) {
            return "wait";
        }
        return ready.handle((none, fault) -> fault == null ? "ready" : ((RefusedException) fault).code()).join();
    }

    private static List<?> list(final Object value) {
        return value instanceof List<?> list ? list : List.of(value);
    }

    private static String[] strings(final Object value) {
        return ParsedJson.list(value).toArray(String[]::new);
    }

    /** Single quotes stand for double ones, so that messages keep their digits in a file of JSON. */
    private static String message(final Object text) {
        return ((String) text).replace('\'', '"');
    }

    private static long number(final Object text) {
        return Long.parseLong((String) text);
    }

    private static String text(final long number) {
        return Long.toString(number);
    }
}
