package penstock.venue.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.Pages;
import penstock.venue.Venue;
import penstock.venue.VenueReader;
import penstock.venue.login.HttpExchange;
import penstock.venue.login.LoginCall;

/** Plugins of others: compiled against the jar of the interface alone, and loaded from a folder. */
class PluginJarsTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(package acme;.*?)```", Pattern.DOTALL);
    private static final String SERVICE = "META-INF/services/penstock.venue.plugin.VenuePlugin";
    private static final String CHECKSUM = """
        package acme;

        import penstock.book.Book;
        import penstock.book.BookSide;
        import penstock.venue.plugin.VenuePlugin;

        public final class AcmeChecksum implements VenuePlugin {
            @Override
            public String name() {
                return "acme-checksum";
            }

            @Override
            public long checksum(final Book book) {
                final BookSide bids = book.bids();
                long sum = 0;
                for (int i = 0; i < bids.live(); i++) {
                    final int level = bids.slot(i);
                    sum += bids.isLive(level) ? bids.text()[bids.priceOffset(level)] * bids.sizeLength(level) : 0;
                }
                return sum;
            }
        }
        """;

    @TempDir
    private Path folder;

    @AfterEach
    void reset() {
        PluginJars.reset();
    }

    @Test
    void shouldLoadTheExampleOfThePageThatWasCompiledAgainstTheInterfaceAlone() throws Exception {
        final Matcher example = EXAMPLE.matcher(Pages.text("relay/docs/how-to/write-a-venue-file.md"));
        assertThat(example.find()).isTrue();
        final Path plugins = Files.createDirectory(folder.resolve("plugins"));
        jar(plugins.resolve("acme.jar"), Map.of("AcmeSignature", example.group(1), "AcmeChecksum", CHECKSUM));
        assertThat(PluginJars.load(plugins)).contains("coinbase-signature", "acme-signature", "acme-checksum");
        final Venue venue = VenueReader.read(new StringReader("""
            name = acme
            plugins = [ { name = acme-signature, with { secret = s } } ]
            session = [ { send = "{plugin:time} {plugin:signature}" } ]
            channels { quote { default = true } }
            messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ] }
            """), "acme.conf", name -> null);
        final Map<String, String> values = venue.login().read(List.of(), new LoginCall("", 1_700_000_000_000L, 0),
            HttpExchange.NONE);
        // echo -n 1700000000000 | openssl dgst -sha256 -hmac s
        assertThat(values).containsEntry("plugin:time", "1700000000000").containsEntry("plugin:signature",
            "d2f061a924242a54e74ab899a90aed2286c20c0f5021987e051a91ccf0c7d67d");
        assertThat(VenuePlugins.find("acme-checksum").checksum(new penstock.book.Book())).isZero();
    }

    @Test
    void shouldSayWhatIsWrongWithAFolder() throws Exception {
        assertThatThrownBy(() -> PluginJars.load(folder.resolve("none"))).hasMessage("there is no folder "
            + folder.resolve("none"));
        assertThatThrownBy(() -> PluginJars.load(folder)).hasMessage("there is no jar in " + folder);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolve("bad.jar")))) {
            add(jar, SERVICE, "acme.Missing\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> PluginJars.load(folder)).isInstanceOf(IOException.class)
            .hasMessageContaining("a plugin in " + folder + " cannot be loaded: ").hasMessageContaining("acme.Missing");
        assertThat(VenuePlugins.find("coinbase-signature").name()).isEqualTo("coinbase-signature");
    }

    private void jar(final Path file, final Map<String, String> sources) throws Exception {
        final Path classes = Files.createDirectory(folder.resolve("classes"));
        final List<String> arguments = new ArrayList<>(List.of("-proc:none", "--release", "17", "-Xlint:all", "-Werror",
            "-cp", api().toString(), "-d", classes.toString()));
        for (final Map.Entry<String, String> source : sources.entrySet()) {
            arguments.add(Files.writeString(folder.resolve(source.getKey() + ".java"), source.getValue()).toString());
        }
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final StringWriter messages = new StringWriter();
        final OutputStream err = new OutputStream() {
            @Override
            public void write(final int b) {
                messages.write(b);
            }
        };
        assertThat(compiler.run(null, err, err, arguments.toArray(String[]::new))).as(messages::toString).isZero();
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file));
                Stream<Path> made = Files.walk(classes)) {
            final StringBuilder names = new StringBuilder();
            sources.keySet().forEach(name -> names.append("acme.").append(name).append('\n'));
            add(jar, SERVICE, names.toString().getBytes(StandardCharsets.UTF_8));
            for (final Path each : made.filter(Files::isRegularFile).toList()) {
                add(jar, classes.relativize(each).toString(), Files.readAllBytes(each));
            }
        }
    }

    /** The classes that the build puts into the jar of the interface, and no others. */
    private Path api() throws Exception {
        final Matcher include =
            Pattern.compile("<include>(penstock/.*)[.]java</include>").matcher(Pages.text("relay/plugin-api/pom.xml"));
        final Path all = Path.of(URI.create(VenuePlugin.class.getProtectionDomain().getCodeSource().getLocation()
            .toString()));
        final Path api = folder.resolve("api");
        while (include.find()) {
            final Path target = api.resolve(include.group(1) + ".class");
            Files.createDirectories(target.getParent());
            Files.copy(all.resolve(include.group(1) + ".class"), target);
        }
        return api;
    }

    private static void add(final JarOutputStream jar, final String name, final byte[] bytes) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        jar.write(bytes);
        jar.closeEntry();
    }
}
