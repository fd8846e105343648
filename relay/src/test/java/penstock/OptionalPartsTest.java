package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import io.undertow.server.HttpHandler;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
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
        copy(Path.of(place(Relay.class)), Path.of("penstock", part.split("\\.")), root, without);

        assertThat(compile(wired, without)).as("with its lines").isNotEmpty();
        assertThat(compile(source, without)).as("without its lines").isEmpty();
        assertThat(Files.readAllLines(wired)).as("an import and a line").hasSize(kept.size() + 2);
    }

    @Test
    void shouldLeaveNoClassElsewhereThatOnlyOptionalPartsUse() {
        final Map<String, Set<String>> users = new TreeMap<>();
        for (final JavaClass type : LayeringTest.CLASSES) {
            for (final Dependency dependency : type.getDirectDependenciesFromSelf()) {
                final JavaClass target = dependency.getTargetClass();
                if (target.getPackageName().startsWith("penstock.") && !isOptional(target) && !isArtefact(target)
                        && !topLevel(target).equals(topLevel(type))) {
                    users.computeIfAbsent(topLevel(target), name -> new TreeSet<>()).add(
                        isOptional(type) ? "an optional part" : topLevel(type));
                }
            }
        }
        assertThat(users).isNotEmpty();
        users.values().removeIf(names -> !names.equals(Set.of("an optional part")));
        assertThat(users.keySet()).isEmpty();
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

    private static boolean isOptional(final JavaClass type) {
        return LayeringTest.OPTIONAL.contains(type.getPackageName().replace("penstock.", ""));
    }

    private static boolean isArtefact(final JavaClass type) {
        return LayeringTest.ARTEFACT.contains(type.getPackageName().replace("penstock.", ""));
    }

    private static String topLevel(final JavaClass type) {
        return type.getName().replaceAll("\\$.*", "");
    }

    private static void copy(final Path from, final Path except, final String root, final Path to)
            throws IOException {
        assertThat(from.resolve(except)).isDirectory();
        for (final Path file : files(from)) {
            final Path name = from.relativize(file);
            if (!name.startsWith(except) && !name.startsWith("penstock/" + root + ".class")) {
                Files.createDirectories(to.resolve(name).getParent());
                Files.copy(file, to.resolve(name));
            }
        }
    }

    private static List<Path> files(final Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile).toList();
        }
    }

    /** What the compiler says about {@code source} beside {@code classes}. */
    private static String compile(final Path source, final Path classes) throws IOException, URISyntaxException {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final StringWriter messages = new StringWriter();
        final String path = String.join(File.pathSeparator, classes.toString(), place(XnioIoThread.class),
            place(HttpHandler.class), place(CommandLine.class));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            compiler.getTask(messages, files, null, List.of("-proc:none", "-d", classes.toString(), "-cp", path), null,
                files.getJavaFileObjects(source)).call();
        }
        return messages.toString();
    }

    /** The folder or the archive that {@code type} was loaded from. */
    private static String place(final Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }
}
