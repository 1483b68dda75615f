package io.github.xdevops.compose.proof;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Runs a test class under every shell that servers have: {@code dash}, {@code bash} and {@code busybox sh}. The short ring takes
 * one of them for each class, another one for each commit.
 */
@ParameterizedClass
@ArgumentsSource(EveryShell.Shells.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface EveryShell {
    /** The shells that make a difference to the class. */
    String[] value() default {"dash", "bash", "busybox sh"};

    /** The shells of this ring. */
    final class Shells implements ArgumentsProvider {
        @Override
        public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
            var type = context.getRequiredTestClass();
            var shells = List.of(type.getAnnotation(EveryShell.class).value());
            if (Ring.isExhaustive()) {
                return shells.stream().map(Arguments::of);
            }
            var one = Math.floorMod(Ring.seed() + type.getSimpleName().hashCode(), shells.size());
            return Stream.of(Arguments.of(shells.get(one)));
        }
    }
}
