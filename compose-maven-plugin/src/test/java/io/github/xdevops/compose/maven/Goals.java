package io.github.xdevops.compose.maven;

import java.lang.annotation.Annotation;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.maven.api.plugin.testing.InjectMojo;
import org.apache.maven.api.plugin.testing.MojoExtension;
import org.apache.maven.api.plugin.testing.MojoParameter;
import org.apache.maven.plugin.Mojo;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;

/** Gives a test any goal with any parameters, where the extension of Maven knows one goal for each method. */
@FunctionalInterface
interface Goals {
    Mojo goal(String name, Map<String, String> parameters);

    /** Provides tests with {@link Goals}, and with what Maven's extension provides. */
    final class Extension extends MojoExtension {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Goals.class || super.supportsParameter(parameter, context);
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            if (parameter.getParameter().getType() != Goals.class) {
                return super.resolveParameter(parameter, context);
            }
            Goals goals =
                    (name, values) -> (Mojo) super.resolveParameter(new Annotated(parameter, name, values), context);
            return goals;
        }
    }

    /** A parameter of a test with the annotations that name a goal and its parameters. */
    record Annotated(ParameterContext parameter, String goal, Map<String, String> values) implements ParameterContext {
        @Override
        public Parameter getParameter() {
            return parameter.getParameter();
        }

        @Override
        public int getIndex() {
            return parameter.getIndex();
        }

        @Override
        public Optional<Object> getTarget() {
            return parameter.getTarget();
        }

        @Override
        public boolean isAnnotated(Class<? extends Annotation> type) {
            return type == InjectMojo.class || type == MojoParameter.class;
        }

        @Override
        public <A extends Annotation> Optional<A> findAnnotation(Class<A> type) {
            return type == InjectMojo.class ? Optional.of(type.cast(new Inject(goal, ""))) : Optional.empty();
        }

        @Override
        public <A extends Annotation> List<A> findRepeatableAnnotations(Class<A> type) {
            return values.entrySet().stream()
                    .map(value -> type.cast(new Given(value.getKey(), value.getValue())))
                    .toList();
        }
    }

    /** The annotation that names a goal. */
    @SuppressWarnings("BadAnnotationImplementation")
    record Inject(String goal, String pom) implements InjectMojo {
        @Override
        public Class<? extends Annotation> annotationType() {
            return InjectMojo.class;
        }
    }

    /** The annotation that gives a goal a parameter. */
    @SuppressWarnings("BadAnnotationImplementation")
    record Given(String name, String value) implements MojoParameter {
        @Override
        public Class<? extends Annotation> annotationType() {
            return MojoParameter.class;
        }
    }
}
