package penstock.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import penstock.docs.Pages;
import penstock.testkit.ParsedJson;

/** All of relay/clients/situations, by file and name, each of which can be played once. Stateless. */
public final class ClientSituations {
    private static final Path FOLDER = Pages.path("relay/clients/situations");
    private static final String COMMON = "common.json";

    private ClientSituations() {
    }

    /** Each situation with its steps, those before it included; {@code hasRows}: updates are rows. */
    static Map<String, Runnable> all(final boolean hasRows) throws IOException {
        final Map<?, ?> common = ParsedJson.object(read(FOLDER.resolve(COMMON)));
        final Map<?, ?> beginnings = ParsedJson.object(common.get("beginnings"));
        final Map<?, ?> texts = ParsedJson.object(common.get("texts"));
        final Map<String, Runnable> all = new LinkedHashMap<>();
        final List<Path> files;
        try (Stream<Path> found = Files.list(FOLDER)) {
            files = found.filter(file -> !file.endsWith(COMMON)).sorted().toList();
        }
        for (final Path file : files) {
            for (final Object each : ParsedJson.list(read(file))) {
                final Map<?, ?> situation = ParsedJson.object(each);
                final List<Object> steps = new ArrayList<>();
                if (situation.containsKey("begin")) {
                    steps.addAll(ParsedJson.list(beginnings.get(situation.get("begin"))));
                }
                steps.addAll(ParsedJson.list(situation.get("steps")));
                all.put(file.getFileName().toString().replace(".json", ": ") + situation.get("name"),
                    () -> new SituationPlayer(texts, hasRows).play(steps));
            }
        }
        return all;
    }

    /** The name of the first one that fails, as JSON or as rows, and why; null if none does. */
    public static String failure() throws IOException {
        for (final Map<String, Runnable> situations : List.of(all(false), RowSituations.all(), all(true))) {
            for (final Map.Entry<String, Runnable> each : situations.entrySet()) {
                try {
                    each.getValue().run();
                } catch (final AssertionError failure) {
                    return each.getKey() + ": " + failure.getMessage();
                }
            }
        }
        return null;
    }

    private static Object read(final Path file) throws IOException {
        return ParsedJson.texts(Files.readAllBytes(file));
    }
}
