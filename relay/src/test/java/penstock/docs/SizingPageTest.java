package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.system.NodeScript;
import penstock.testkit.Seeds;

/** The tables about sizing are computed from the calculator's figures, and the calculator computes the same. */
class SizingPageTest {
    private static final String PAGE = "relay/docs/sizing.md";
    private static final String EXAMPLES = "relay/src/main/resources/penstock/pages/sizing/examples.json";
    private static final String RESULTS = "bench/results/0.1.0/README.md";
    private static final String END = "<!-- end of table -->";
    private static final List<String> CHOICES = List.of("format", "compression", "tls");
    private static final int AT_RANDOM = 2_000;
    private static final double ROUNDED = 0.02;
    /** Updates in a message of the load "watch-lists at 100 ms". */
    private static final int WATCHED = 20;
    private static final int FEW_QUOTES = 3;
    private static final int MANY_QUOTES = 52;
    private static final int UPSTREAM = 100_000;
    private static final int CONNECTS = 5_000;
    private static final int CORES = 2;

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    @TempDir
    private Path folder;

    private final SizingFigures figures = SizingFigures.load();
    private final SizingModel model = new SizingModel(figures);
    private final Config examples = ConfigFactory.parseString(Pages.text(EXAMPLES));

    @Test
    void shouldHaveTheFiguresAndExamplesOfTheCalculator() {
        final Map<String, List<String>> tables = Map.of("<!-- profiles -->", profiles(), "<!-- machines -->",
            machines(), "<!-- figures -->", figures());
        assertThat(Pages.text(PAGE).lines().filter(tables::containsKey)).hasSize(tables.size());
        new GeneratedPage(PAGE, END).check("SizingPageTest", tables::get);
    }

    /** What the pages with measurements say now, and no other number. */
    @Test
    void shouldComputeWithWhatWasMeasured() {
        final String pages = Pages.all().stream().map(Pages::text).reduce(Pages.text(RESULTS), String::concat);
        figures.all().forEach((name, figure) -> {
            figure.shown().forEach(text -> assertThat(pages).as(name).contains(text));
            final double[] shown = figure.shown().stream().mapToDouble(text ->
                Double.parseDouble(text.substring(text.lastIndexOf(' ') + 1).replace(",", ""))).toArray();
            if (shown.length == 0) {
                assertThat(figure.by()).as(name).matches("`MessageBytesTest`|the same|the standards");
            } else {
                final double expected = of(name, shown);
                assertThat(figure.value()).as(name).isCloseTo(expected, within(expected * ROUNDED));
            }
        });
    }

    /** A figure, in its unit, of the numbers that pages show. */
    private static double of(final String name, final double... shown) {
        return switch (name) {
            case "update" -> (shown[0] * WATCHED - shown[1]) / WATCHED;
            case "tls" -> shown[0] - shown[1];
            case "deflateUpdate", "sharedUpdate" -> slope(shown) / 1e3;
            case "deflate", "shared" -> (shown[0] - shown[2] - FEW_QUOTES * slope(shown)) / 1e3;
            case "tick" -> shown[0] / 100 * 1e6 / UPSTREAM;
            case "store" -> shown[0] / 1e3;
            case "connect" -> shown[0] * 1e3 * CORES / CONNECTS;
            default -> shown[0];
        };
    }

    /** Of messages of few and many quotes, with and without compression: ns that each quote adds. */
    private static double slope(final double... shown) {
        return (shown[1] - shown[3] - shown[0] + shown[2]) / (MANY_QUOTES - FEW_QUOTES);
    }

    @Test
    @Tag("browser")
    void shouldComputeInTheCalculatorWhatThePageSays() throws Exception {
        final List<SizingModel.Asked> asked = new ArrayList<>();
        examples.getConfigList("profiles").forEach(profile -> examples.getDoubleList("subscribers")
            .forEach(subscribers -> asked.add(asked(profile, subscribers))));
        final Random random = new Random(seeds.fresh());
        for (int i = 0; i < AT_RANDOM; i++) {
            asked.add(atRandom(random));
        }
        final Path expected = folder.resolve("expected.json");
        write(expected, asked);
        NodeScript.ofBrowser("playwright-core", "sizing-model.mjs", expected.toString()).run(Map.of());
    }

    private List<String> profiles() {
        final List<String> rows = new ArrayList<>(List.of(
            "| subscribers | symbols of each | updates of them a second | interval | format | TLS | messages a second "
                + "| updates in each | to each, kbit/s | CPU of each, µs a second | a machine serves |",
            "|---|---|---|---|---|---|---|---|---|---|---|"));
        for (final Config profile : examples.getConfigList("profiles")) {
            final SizingModel.Answer answer = model.plan(asked(profile, 1));
            final String compression = profile.getString("compression").equals("none") ? "" : ", compressed";
            rows.add("| " + profile.getString("what") + " | " + profile.getInt("symbols") + " | "
                + profile.getInt("updates") + " | " + (profile.getInt("interval") == 0 ? "0, every update"
                    : profile.getInt("interval") + " ms") + " | " + profile.getString("format") + compression + " | "
                + profile.getString("tls") + " | " + number(answer.number("messages")) + " | "
                + number(answer.number("perMessage")) + " | " + number(answer.number("bytes") * 8 / 1000) + " | "
                + number(answer.number("cpu")) + " | " + number(answer.number("served")) + ", by its "
                + answer.decides() + " |");
        }
        return rows;
    }

    private List<String> machines() {
        final List<String> rows = new ArrayList<>(List.of("| subscribers | of | egress, Gbit/s | TB a month | cores | "
            + "memory, GiB | edges, spare ones included | decided by | relays between | relays in all |",
            "|---|---|---|---|---|---|---|---|---|---|"));
        for (final double subscribers : examples.getDoubleList("subscribers")) {
            for (final Config profile : examples.getConfigList("profiles")) {
                final SizingModel.Answer answer = model.plan(asked(profile, subscribers));
                rows.add("| " + number(subscribers) + " | " + profile.getString("name") + " | "
                    + number(answer.number("egressGbit")) + " | " + number(answer.number("terabytes")) + " | "
                    + number(answer.number("cores")) + " | " + number(answer.number("memoryGiB")) + " | "
                    + number(answer.number("edges")) + " | " + answer.decides() + " | "
                    + (answer.rows().isEmpty() ? "–" : answer.rows().stream().map(row -> number(row)).reduce((a, b) ->
                        a + " and " + b).orElseThrow()) + " | " + number(answer.number("relays")) + " |");
            }
        }
        return rows;
    }

    private List<String> figures() {
        final List<String> rows = new ArrayList<>(List.of("| what | takes | measured by |", "|---|---|---|"));
        figures.all().values().forEach(figure ->
            rows.add("| " + figure.what() + " | " + figure.text() + " " + figure.unit() + " | " + figure.by() + " |"));
        return rows;
    }

    /** Three digits, or all in front of the point. */
    private static String number(final double value) {
        final int digits = value >= 100 || value == Math.rint(value) ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    private SizingModel.Asked asked(final Config profile, final double subscribers) {
        final Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("subscribers", subscribers);
        for (final String name : List.of("symbols", "updates", "interval", "topics")) {
            numbers.put(name, profile.getDouble(name));
        }
        final Config machine = examples.getConfig("machine");
        machine.root().keySet().forEach(name -> numbers.put(name, machine.getDouble(name)));
        final Map<String, String> choices = new LinkedHashMap<>();
        CHOICES.forEach(name -> choices.put(name, profile.getString(name)));
        return new SizingModel.Asked(numbers, choices);
    }

    private static SizingModel.Asked atRandom(final Random random) {
        final Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("subscribers", whole(random, 8));
        numbers.put("symbols", whole(random, 4));
        numbers.put("updates", Math.pow(10, random.nextDouble() * 5 - 2));
        numbers.put("interval", random.nextInt(3) == 0 ? 0 : whole(random, 4.7));
        numbers.put("topics", whole(random, 6));
        numbers.put("cores", whole(random, 2));
        numbers.put("memory", 0.25 + whole(random, 2));
        numbers.put("network", Math.pow(10, random.nextDouble() * 3 - 1));
        numbers.put("ceiling", 1.0 + random.nextInt(95));
        numbers.put("lost", (double) random.nextInt(91));
        numbers.put("sessions", whole(random, 6));
        return new SizingModel.Asked(numbers, Map.of("format", pick(random, "json", "rows", "binary"),
            "compression", pick(random, "none", "own", "shared"), "tls", pick(random, "no", "yes")));
    }

    private static double whole(final Random random, final double decades) {
        return Math.floor(Math.pow(10, random.nextDouble() * decades));
    }

    private static String pick(final Random random, final String... words) {
        return words[random.nextInt(words.length)];
    }

    /** Of each what was asked, and the answer or that there is none. */
    private void write(final Path file, final List<SizingModel.Asked> all) throws IOException {
        try (JsonGenerator out = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
            out.writeStartArray();
            for (final SizingModel.Asked asked : all) {
                out.writeStartObject();
                out.writeObjectFieldStart("asked");
                numbers(out, asked.numbers());
                for (final Map.Entry<String, String> choice : asked.choices().entrySet()) {
                    out.writeStringField(choice.getKey(), choice.getValue());
                }
                out.writeEndObject();
                answer(out, asked);
                out.writeEndObject();
            }
            out.writeEndArray();
        }
    }

    private void answer(final JsonGenerator out, final SizingModel.Asked asked) throws IOException {
        final SizingModel.Answer answer;
        try {
            answer = model.plan(asked);
        } catch (final IllegalArgumentException e) {
            out.writeStringField("refused", e.getMessage());
            return;
        }
        out.writeObjectFieldStart("answer");
        numbers(out, answer.numbers());
        out.writeStringField("decides", answer.decides());
        out.writeStringField("rows", answer.rows().toString());
        out.writeEndObject();
    }

    private static void numbers(final JsonGenerator out, final Map<String, Double> numbers) throws IOException {
        for (final Map.Entry<String, Double> each : numbers.entrySet()) {
            out.writeNumberField(each.getKey(), each.getValue());
        }
    }
}
