package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import penstock.Main;
import penstock.config.relay.RelayConfigLoader;
import penstock.testkit.EndedProcess;
import penstock.venue.Venue;
import picocli.CommandLine;

/** What a test can say of one block of a page without a relay that runs. One thread. */
final class BlockChecks {
    private static final Pattern RELAY = Pattern.compile(
        "(?:scripts/relay|java -jar \\S+\\.jar|penstock(?= check))((?:[ \\t]+(?:'[^']*'|\"[^\"]*\"|[^\\s|&;<>#]+))*)");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final Pattern SCRIPT = Pattern.compile("(?m)^(?:sudo )?(scripts/\\w+)");
    private static final Pattern TEST = Pattern.compile("-Dtest='?([\\w,]+)");
    private static final Pattern PREFIX = Pattern.compile("--prefix (\\S+)");
    private static final Pattern COMMAND = Pattern.compile("(?m)^\\s*(\\$ |scripts/|curl |mvn |npm |sudo |docker )");

    /** Of rendered HOCON, pointers into messages aside. */
    private static final Pattern KEY = Pattern.compile("\"([a-z][\\w-]*)\":");

    private final Path folder;

    /** {@code folder} is for files. */
    BlockChecks(final Path folder) {
        this.folder = folder;
    }

    /** A whole configuration of a relay: it loads, and so does its venue. */
    void configuration(final String text) {
        final var config = new RelayConfigLoader(Map.of()).loadText("page.conf", text, List.of());
        config.feeds().values().forEach(feed ->
            assertThat(Venue.load(feed.identity().venue(), feed.settings(), name -> "k").channels()).isNotEmpty());
    }

    /** Some keys of a configuration, beside those of a feed. */
    void configurationPart(final String text) {
        final String feed = text.contains("feed {") ? "" : "feed.venue = demo\n";
        final String mode = text.contains("auth.rights") ? "auth { mode = keys, keys-file = keys.conf }\n" : "";
        final String products =
            mode.isEmpty() && !text.contains("jwt") ? "" : "products.fx.symbols = [\"EUR*\"]\n";
        final String files = text.contains("client-authorities")
            ? "server.tls { certificate = \"a.pem\", key = \"a.key\" }\n" : "";
        new RelayConfigLoader(Map.of()).loadText("page.conf",
            feed + mode + products + files + text.replace("\"my-venue.conf\"", "json"), List.of());
    }

    /** Lines of a file of keys: the ids, and each with a hash or a certificate. */
    void keys(final String text) {
        assertThat(ConfigFactory.parseString(text).getConfigList("keys")).isNotEmpty().allSatisfy(key -> {
            assertThat(key.getString("id")).isNotEmpty();
            assertThat(key.hasPath("hash") || key.hasPath("certificate")).isTrue();
        });
    }

    /** Keys of a venue file, on top of the file of a venue. */
    void venuePart(final String text, final String venue) throws IOException {
        final String file = Pages.text("config/venues/" + venue + ".conf");
        final Path mixed = Files.writeString(folder.resolve("part.conf"), file + '\n' + text);
        assertThat(Venue.load(mixed.toString(), name -> "k").channels()).isNotEmpty();
    }

    /** Some keys of a venue file: HOCON, and each key is in a table of the page, or is a field or a pointer. */
    void venueKeys(final String text) {
        final String tables = String.join("\n", Pages.text("relay/docs/reference/venue-file.md").lines()
            .filter(line -> line.startsWith("| `")).toList());
        ConfigFactory.parseString(text).root().forEach((name, value) -> {
            assertThat(tables).contains(name);
            final Matcher key = KEY.matcher(value.render(ConfigRenderOptions.concise()));
            while (key.find()) {
                assertThat(tables).as(key.group()).contains(key.group(1));
            }
        });
    }

    /** Commands: the shell reads them, and the relay, the scripts, the tests and the folders that they name exist. */
    void commands(final PageBlock block) throws IOException, InterruptedException {
        final String typed = block.typed();
        final EndedProcess read = EndedProcess.run(new ProcessBuilder("bash", "-n", "-c", typed), folder);
        assertThat(read.code()).as(read.err()).isZero();
        RELAY.matcher(typed.replace("\\\n", " ")).results().forEach(found -> relayCommand(found.group(1)));
        SCRIPT.matcher(typed).results()
            .forEach(found -> assertThat(Pages.path(found.group(1))).isExecutable());
        PREFIX.matcher(typed).results()
            .forEach(found -> assertThat(Pages.path(found.group(1)).resolve("package.json")).exists());
        TEST.matcher(typed).results().flatMap(found -> Arrays.stream(found.group(1).split(",")))
            .forEach(name -> assertThat(testClass(name)).as(name).isNotNull());
    }

    private static void relayCommand(final String arguments) {
        final List<String> words = new ArrayList<>();
        final Matcher word = WORD.matcher(arguments);
        while (word.find()) {
            words.add(word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3));
        }
        new CommandLine(Main.class).parseArgs(words.toArray(String[]::new));
    }

    /** A drawing, or what a program prints: nothing that one types. */
    void picture(final String text) {
        assertThat(COMMAND.matcher(text).find()).isFalse();
    }

    /** The unit of systemd: the shipped options of the JVM, and a command of the relay. */
    void service(final String text) throws IOException {
        final String unit = text.replace("\\\n", " ");
        final Matcher start = Pattern.compile("(?m)^ExecStart=/usr/bin/java (.*?) +-jar \\S+ (.*)$").matcher(unit);
        assertThat(start.find()).isTrue();
        assertThat(start.group(1).split(" +")).containsExactlyElementsOf(jvmOptions());
        relayCommand(start.group(2));
        assertThat(unit).contains("RestartPreventExitStatus=2 77 78");
    }

    /** A Dockerfile: the same of its entry point and its command. */
    void container(final String text) throws JsonProcessingException, IOException {
        final Matcher start = Pattern.compile("(?m)^ENTRYPOINT (\\[.*])\\nCMD (\\[.*])$").matcher(text);
        assertThat(start.find()).isTrue();
        final List<String> entry = words(start.group(1));
        assertThat(entry.subList(1, entry.size() - 2)).containsExactlyElementsOf(jvmOptions());
        relayCommand(String.join(" ", words(start.group(2))));
        assertThat(text).contains("EXPOSE 8080 8081", "COPY relay/target/penstock-all.jar");
    }

    /** A project of Maven: it depends on an artifact of this build, in its version. */
    void maven(final String text) {
        final Matcher ours = Pattern.compile("<groupId>io.penstock</groupId>\\s*<artifactId>([\\w-]+)</artifactId>\\s*"
            + "<version>([^<]+)</version>").matcher(text);
        assertThat(ours.find()).isTrue();
        assertThat(Pages.text("pom.xml")).contains("<version>" + ours.group(2) + "</version>");
        assertThat(Pages.text("relay/clients/java/pom.xml")).contains("<artifactId>" + ours.group(1) + "</artifactId>");
    }

    /** The configuration of Prometheus: the operator's port. */
    void scrape(final String text) {
        assertThat(text).contains("targets: [\"localhost:8081\"]");
    }

    /** A test class of that name, or null. */
    static Path testClass(final String name) {
        try (Stream<Path> files = Stream.concat(Files.walk(Pages.path("relay/src/test/java")),
                Files.walk(Pages.path("bench/src/test/java")))) {
            return files.filter(file -> file.endsWith(name + ".java")).findFirst().orElse(null);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> words(final String json) throws JsonProcessingException {
        final List<String> words = new ArrayList<>();
        for (final JsonNode word : new ObjectMapper().readTree(json)) {
            words.add(word.asText());
        }
        return words;
    }

    private static List<String> jvmOptions() throws IOException {
        return Files.readAllLines(Pages.path("config/jvm.options"), StandardCharsets.UTF_8).stream().map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
    }
}
