package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.server.HttpHandler;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xnio.XnioIoThread;
import picocli.CommandLine;

/** An optional capability is a package that can be deleted: with its lines in the composition root nothing is left. */
class OptionalPartsTest {
    private static final Path SOURCES = Path.of("src/main/java/penstock").toAbsolutePath();

    @ParameterizedTest
    @CsvSource({"server.deflate, Relay", "server.raw, Relay", "server.sse, Relay", "tap, Main"})
    void shouldCompileWithoutThePackageAndItsLines(final String part, final String root, @TempDir final Path without)
            throws IOException, URISyntaxException {
        final Path wired = SOURCES.resolve(root + ".java");
        final List<String> names = files(SOURCES.resolve(part.replace('.', '/'))).stream()
            .map(file -> file.getFileName().toString().replace(".java", "")).toList();
        final List<String> kept = Files.readAllLines(wired).stream()
            .filter(line -> names.stream().noneMatch(name -> line.matches(".*\\b" + name + "\\b.*"))).toList();
        final Path source = Files.write(without.resolve(root + ".java"), kept);

        assertThat(compile(wired, part, root, without)).as("with its lines").contains("penstock." + part);
        assertThat(compile(source, part, root, without)).as("without its lines").isEmpty();
        assertThat(Files.readAllLines(wired)).as("an import and a line").hasSize(kept.size() + 2);
    }

    @ParameterizedTest
    @CsvSource({"server.sse, event-stream", "server.sse, retry: "})
    void shouldNameTheWordsOfAnOptionalPartThereAlone(final String part, final String word)
            throws IOException, URISyntaxException {
        final Path classes = Path.of(place(Relay.class));
        final Set<String> folders = new TreeSet<>();
        for (final Path file : files(classes.resolve("penstock"))) {
            if (file.toString().endsWith(".class")
                    && Files.readString(file, StandardCharsets.ISO_8859_1).contains(word)) {
                folders.add(classes.relativize(file.getParent()).toString());
            }
        }
        assertThat(folders).containsExactly(Path.of("penstock", part.split("\\.")).toString());
    }

    private static List<Path> files(final Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile).toList();
        }
    }

    /** What the compiler says about {@code source} beside all classes but those of the part, and the root. */
    private static String compile(final Path source, final String part, final String root, final Path made)
            throws IOException, URISyntaxException {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final StringWriter messages = new StringWriter();
        final String path = String.join(File.pathSeparator, place(Relay.class), place(XnioIoThread.class),
            place(HttpHandler.class), place(CommandLine.class));
        try (StandardJavaFileManager all = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
                JavaFileManager files = new Without(all, "penstock." + part, "penstock." + root)) {
            compiler.getTask(messages, files, null, List.of("-proc:none", "-d", made.toString(), "-cp", path), null,
                all.getJavaFileObjects(source)).call();
        }
        return messages.toString();
    }

    /** Hides a package and a class of the class path. */
    private static final class Without extends ForwardingJavaFileManager<JavaFileManager> {
        private final String hiddenPackage;
        private final String hiddenClass;

        Without(final JavaFileManager all, final String hiddenPackage, final String hiddenClass) {
            super(all);
            this.hiddenPackage = hiddenPackage;
            this.hiddenClass = hiddenClass;
        }

        @Override
        public Iterable<JavaFileObject> list(final Location location, final String packageName,
                final Set<JavaFileObject.Kind> kinds, final boolean recurse) throws IOException {
            final List<JavaFileObject> shown = new ArrayList<>();
            if (!(packageName + '.').startsWith(hiddenPackage + '.')) {
                super.list(location, packageName, kinds, recurse).forEach(shown::add);
                shown.removeIf(file -> inferBinaryName(location, file).equals(hiddenClass));
            }
            return shown;
        }
    }

    /** The folder or the archive that {@code type} was loaded from. */
    private static String place(final Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }
}
