import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes an OCI image as a tar file of a folder that is its root, without a daemon and without a base image: {@code
 * ImageTool ROOT TAR CACHE}. Standard input says what the image is, a word and its value in each line:
 *
 * <pre>
 * name penstock:1.0.0              what an engine calls it
 * created 1700000000               time of the image and of all its files, in seconds since 1970
 * architecture amd64
 * layer runtime usr/lib/x/runtime  what is below this path, and in no layer before, in the order of the image
 * user 10001:10001                 also port, env NAME=VALUE, label NAME=VALUE, workdir
 * entrypoint /bin/x                one word of it; also command
 * </pre>
 *
 * <p>The same files and lines give the same bytes: jib-core sorts the files of a layer, and knows no user and no clock.
 * Owned by the main thread.
 */
final class ImageTool {
    private static final String OWNER = "0:0";
    private static final int ARGUMENTS = 3;

    private final Path root;
    private final JibContainerBuilder image = Jib.fromScratch().setFormat(ImageFormat.OCI);
    private final Map<String, List<String>> layers = new LinkedHashMap<>();
    private final List<String> entrypoint = new ArrayList<>();
    private final List<String> command = new ArrayList<>();
    private String name;
    private Instant created;

    private ImageTool(final Path root) {
        this.root = root;
    }

    public static void main(final String... arguments) throws Exception {
        if (arguments.length != ARGUMENTS) {
            throw new IllegalArgumentException("usage: ImageTool ROOT TAR CACHE <LINES");
        }
        final ImageTool tool = new ImageTool(Path.of(arguments[0]));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                final int space = line.indexOf(' ');
                if (space < 0) {
                    throw new IllegalArgumentException("a word and its value are needed: " + line);
                }
                tool.take(line.substring(0, space), line.substring(space + 1));
            }
        }
        tool.write(Path.of(arguments[1]), Path.of(arguments[2]));
    }

    private void take(final String word, final String value) throws IOException {
        switch (word) {
            case "name" -> name = value;
            case "created" -> {
                created = Instant.ofEpochSecond(Long.parseLong(value));
                image.setCreationTime(created);
            }
            case "architecture" -> image.setPlatforms(Set.of(new Platform(value, "linux")));
            case "layer" -> {
                final int space = value.indexOf(' ');
                layers.computeIfAbsent(value.substring(0, space), layer -> new ArrayList<>())
                    .add(value.substring(space + 1));
            }
            case "user" -> image.setUser(value);
            case "port" -> image.addExposedPort(Port.tcp(Integer.parseInt(value)));
            case "env" -> image.addEnvironmentVariable(before(value), behind(value));
            case "label" -> image.addLabel(before(value), behind(value));
            case "workdir" -> image.setWorkingDirectory(AbsoluteUnixPath.get(value));
            case "entrypoint" -> entrypoint.add(value);
            case "command" -> command.add(value);
            default -> throw new IllegalArgumentException("there is no word " + word);
        }
    }

    private static String before(final String pair) {
        return pair.substring(0, pair.indexOf('='));
    }

    private static String behind(final String pair) {
        return pair.substring(pair.indexOf('=') + 1);
    }

    private void write(final Path tar, final Path cache) throws Exception {
        final Map<String, FileEntriesLayer.Builder> builders = new LinkedHashMap<>();
        layers.keySet().forEach(layer -> builders.put(layer, FileEntriesLayer.builder().setName(layer)));
        try (Stream<Path> all = Files.walk(root)) {
            for (final Path each : all.filter(path -> !path.equals(root)).sorted().toList()) {
                builders.get(layerOf(root.relativize(each).toString())).addEntry(entry(each));
            }
        }
        builders.values().forEach(layer -> image.addFileEntriesLayer(layer.build()));
        image.setEntrypoint(entrypoint).setProgramArguments(command);
        image.containerize(Containerizer.to(TarImage.at(tar).named(name)).setOfflineMode(true)
            .setBaseImageLayersCache(cache).setApplicationLayersCache(cache));
    }

    private String layerOf(final String path) {
        for (final Map.Entry<String, List<String>> layer : layers.entrySet()) {
            for (final String prefix : layer.getValue()) {
                if (prefix.equals(".") || path.equals(prefix) || path.startsWith(prefix + "/")) {
                    return layer.getKey();
                }
            }
        }
        throw new IllegalArgumentException(path + " is in no layer");
    }

    private FileEntry entry(final Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            throw new IllegalArgumentException(file + " is a symbolic link, which the image would have as a copy");
        }
        return new FileEntry(file, AbsoluteUnixPath.get("/" + root.relativize(file)),
            FilePermissions.fromPosixFilePermissions(Files.getPosixFilePermissions(file)), created, OWNER);
    }
}
