package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.client.PenstockClient;

/** Each program of the page of the client in Java compiles as it is, and so do the lines of the reference. */
class JavaClientPageTest {
    static final String PAGE = "relay/docs/how-to/prices-in-java.md";
    private static final Pattern PROGRAM =
        Pattern.compile("```java\n(import .*?public class (\\w+) .*?)```", Pattern.DOTALL);
    private static final Pattern LINES = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final int PROGRAMS = 2;

    @TempDir
    private Path folder;

    @Test
    void shouldCompileEveryProgramAndTheLinesOfTheReference() throws IOException, URISyntaxException {
        final Matcher program = PROGRAM.matcher(Pages.text(PAGE));
        while (program.find()) {
            Files.writeString(folder.resolve(program.group(2) + ".java"), program.group(1));
        }
        final Matcher lines = LINES.matcher(Pages.section(Pages.text("relay/docs/reference/client-semantics.md"),
            "## The client in Java"));
        assertThat(lines.find()).isTrue();
        Files.writeString(folder.resolve("Lines.java"), "import penstock.client.*; abstract class Lines { "
            + "abstract void paint(String symbol, long mantissa, int scale, ValueState state); "
            + "abstract void add(java.math.BigDecimal price); abstract void best(String price); "
            + "void run(java.util.concurrent.Executor executor) {\n" + lines.group(1) + "} }");
        final List<Path> sources;
        try (var found = Files.list(folder)) {
            sources = found.toList();
        }

        assertThat(sources).hasSize(PROGRAMS + 1);
        assertThat(compile(sources)).isEmpty();
    }

    /** What the compiler says. */
    private String compile(final List<Path> sources) throws IOException, URISyntaxException {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final StringWriter messages = new StringWriter();
        final Path classes =
            Path.of(PenstockClient.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            compiler.getTask(messages, files, null, List.of("-proc:none", "-Xlint:all", "-d", folder.toString(),
                "-cp", classes.toString()), null, files.getJavaFileObjectsFromPaths(sources)).call();
        }
        return messages.toString();
    }
}
