package penstock.bench.load.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a figure is worth nothing without: machine, system, Java, and what else the machine was doing. Stateless. */
public final class MachineFacts {
    private MachineFacts() {
    }

    public static Map<String, Object> now(final LoadPlan plan) {
        final Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("commit", commit(plan.home()));
        facts.put("processors", Runtime.getRuntime().availableProcessors());
        facts.put("cpu", field("/proc/cpuinfo", "model name"));
        facts.put("memory", field("/proc/meminfo", "MemTotal"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("load", firstLine("/proc/loadavg"));
        return facts;
    }

    private static String commit(final Path home) {
        try {
            final Process git =
                new ProcessBuilder("git", "-C", home.toString(), "describe", "--always", "--dirty", "--exclude=*")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            final String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 ? text : "unknown";
        } catch (final IOException e) {
            return "unknown";
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    private static String field(final String file, final String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream().filter(line -> line.startsWith(name)).findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("unknown");
        } catch (final IOException e) {
            return "unknown";
        }
    }

    private static String firstLine(final String file) {
        try {
            return Files.readAllLines(Path.of(file)).get(0);
        } catch (final IOException e) {
            return "unknown";
        }
    }
}
