package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.EndedProcess;

/**
 * Every block of code of every page is run or checked, in the way that {@code page-blocks.txt} says. A block that is
 * not there fails, and so does a line there without a block.
 */
class PageBlocksTest {
    private static final Path TABLE = Pages.path("relay/src/test/resources/page-blocks.txt");
    private static final int BEGIN = 25;
    private static final String JAVASCRIPT = "javascript";
    private static final String PYTHON = "python";
    private static final String RUN = "run:";

    @TempDir
    private Path folder;

    @Test
    void shouldCheckEveryBlockOfThePages() throws Exception {
        final List<String> faults = new ArrayList<>();
        for (final Map.Entry<PageBlock, String> each : table(faults).entrySet()) {
            try {
                check(each.getKey(), each.getValue());
            } catch (final RuntimeException | AssertionError e) {
                faults.add(each.getKey().place() + " as " + each.getValue() + ": " + e.getMessage());
            }
        }
        assertThat(faults).isEmpty();
    }

    /** By the compiler of TypeScript, against the types of the client and of browsers. */
    @Test
    @Tag("browser")
    void shouldCompileTheJavaScriptOfThePages() throws Exception {
        final Path client = Pages.path("relay/clients/js").toRealPath();
        final Path compiler = client.resolve("node_modules/typescript/bin/tsc");
        assertThat(compiler).withFailMessage("no %s: npm ci --prefix relay/clients/js installs it", compiler).exists();
        Files.writeString(folder.resolve("page.d.ts"), """
            declare var w: WebSocket, s: EventSource, m: any;
            declare function paint(symbol: string, view: any): void;
            declare function add(trade: any): void;
            declare function mark(missed?: number): void;
            declare function fetchToken(): Promise<string>;
            declare const key: string, ticket: string;
            declare module "http://relay:8080/penstock.js" { export * from "@penstock/client"; }
            """);
        int number = 0;
        for (final Map.Entry<PageBlock, String> each : table(new ArrayList<>()).entrySet()) {
            if (each.getValue().equals(JAVASCRIPT)) {
                final String prelude = each.getKey().text().contains("<Penstock client={px}>")
                    ? "declare const px: import(\"@penstock/client\").Client, symbols: string[];\n" : "";
                Files.writeString(folder.resolve("block" + number++ + ".tsx"), "// " + each.getKey().place() + '\n'
                    + prelude + each.getKey().text().replace("…", "undefined") + "\nexport {};\n");
            }
        }
        Files.writeString(folder.resolve("tsconfig.json"), """
            { "compilerOptions": { "noEmit": true, "module": "esnext", "target": "es2022", "moduleResolution": "bundler",
                "jsx": "react-jsx", "lib": ["es2022", "dom", "dom.iterable"], "types": [],
                "skipLibCheck": true, "strictNullChecks": true,
                "paths": { "@penstock/client": ["CLIENT/penstock.d.ts"], "@penstock/client/*": ["CLIENT/*.d.ts"],
                  "react": ["CLIENT/node_modules/@types/react"], "react/*": ["CLIENT/node_modules/@types/react/*"] } },
              "include": ["*.tsx", "*.d.ts"] }
            """.replace("CLIENT", client.toString()));
        final EndedProcess compiled = EndedProcess.run(
            new ProcessBuilder("node", compiler.toString(), "-p", folder.toString()), folder);
        assertThat(number).isGreaterThan(6);
        assertThat(compiled.code()).as(compiled.out()).isZero();
    }

    @Test
    @Tag("browser")
    void shouldCompileThePythonOfThePages() throws Exception {
        for (final Map.Entry<PageBlock, String> each : table(new ArrayList<>()).entrySet()) {
            if (each.getValue().equals(PYTHON)) {
                final EndedProcess compiled = EndedProcess.run(new ProcessBuilder("python3", "-c",
                    "import ast, sys; compile(sys.argv[1], 'page', 'exec', ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)",
                    each.getKey().text().replace("…", "...")), folder);
                assertThat(compiled.code()).as(each.getKey().place() + ": " + compiled.err()).isZero();
            }
        }
    }

    private void check(final PageBlock block, final String how) throws IOException, InterruptedException {
        final BlockChecks checks = new BlockChecks(folder);
        final String name = how.split(":")[0];
        switch (name) {
            case "configuration" -> checks.configuration(block.text());
            case "configuration-part" -> checks.configurationPart(block.text());
            case "keys" -> checks.keys(block.text());
            case "venue-part" -> checks.venuePart(block.text(), how.split(":")[1]);
            case "venue-keys" -> checks.venueKeys(block.text());
            case "commands" -> checks.commands(block);
            case "picture" -> checks.picture(block.text());
            case "service" -> checks.service(block.text());
            case "container" -> checks.container(block.text());
            case "maven" -> checks.maven(block.text());
            case "scrape" -> checks.scrape(block.text());
            case "run" -> shouldBeRun(block, how.substring(RUN.length()));
            case JAVASCRIPT, PYTHON -> assertThat(block.text()).isNotBlank();
            default -> throw new AssertionError("no check is called " + name);
        }
    }

    /** The test, or what it uses in its package, names the page. */
    private static void shouldBeRun(final PageBlock block, final String test) throws IOException {
        final Path source = BlockChecks.testClass(test);
        assertThat(source).as("the test " + test).isNotNull();
        final String file = block.page().substring(block.page().lastIndexOf('/') + 1);
        try (var beside = Files.list(source.getParent())) {
            assertThat(beside.anyMatch(each -> each.toString().endsWith(".java") && Pages.text(each).contains(file)))
                .as(test + " reads " + file).isTrue();
        }
    }

    /** How each block is checked. */
    private static Map<PageBlock, String> table(final List<String> faults) throws IOException {
        final Map<PageBlock, String> table = new LinkedHashMap<>();
        final Set<PageBlock> left = new HashSet<>();
        for (final Path page : Pages.all()) {
            left.addAll(PageBlock.of(Pages.path("").toAbsolutePath().normalize()
                .relativize(page.toAbsolutePath().normalize()).toString()));
        }
        String page = "";
        for (final String line : Files.readAllLines(TABLE)) {
            if (line.startsWith("[")) {
                page = line.substring(1, line.length() - 1);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                final String begin = line.substring(BEGIN);
                final List<PageBlock> found = PageBlock.of(page).stream()
                    .filter(block -> block.text().startsWith(begin) && !table.containsKey(block)).toList();
                if (!found.isEmpty()) {
                    table.put(found.get(0), line.substring(0, BEGIN).strip());
                } else {
                    faults.add("no block of " + page + " begins with '" + begin + "', but " + TABLE + " has it");
                }
            }
        }
        left.removeAll(table.keySet());
        left.forEach(block -> faults.add(block.place() + " is not in " + TABLE + ", so no test runs it"));
        return table;
    }
}
