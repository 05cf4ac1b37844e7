{# Confidence intervals as SQL expressions over numbers in double precision. `z` is the standard
   normal deviate: 1.959963984540054 for 95 %, 3.090232306167813 for 99.8 %. An empty or zero
   denominator gives an empty bound. Wilson (1927) and Byar are those that OHID uses for
   proportions and rates; Newcombe (1998), method 10, is for the difference of two proportions. #}

{% macro wilson(side, x, n, z=1.959963984540054) -%}
    case
        when {{ n }} > 0
            then
                (
                    2 * {{ x }} + {{ z }} * {{ z }} {{ '-' if side == 'lower' else '+' }} {{ z }} * sqrt(
                        {{ z }} * {{ z }} + 4 * {{ x }} * (1 - {{ x }} / {{ n }})
                    )
                ) / (2 * ({{ n }} + {{ z }} * {{ z }}))
    end
{%- endmacro %}

{# The difference of two proportions, the first less the second, from their Wilson bounds. #}
{% macro newcombe(side, p1, lower1, upper1, p2, lower2, upper2) -%}
    {%- if side == 'lower' -%}
    {{ p1 }} - {{ p2 }} - sqrt(
        ({{ p1 }} - {{ lower1 }}) * ({{ p1 }} - {{ lower1 }}) + ({{ upper2 }} - {{ p2 }}) * ({{ upper2 }} - {{ p2 }})
    )
    {%- else -%}
    {{ p1 }} - {{ p2 }} + sqrt(
        ({{ upper1 }} - {{ p1 }}) * ({{ upper1 }} - {{ p1 }}) + ({{ p2 }} - {{ lower2 }}) * ({{ p2 }} - {{ lower2 }})
    )
    {%- endif -%}
{%- endmacro %}

{# A count of events by Byar's approximation, for 10 or more; below it the exact limits of the seed
   poisson_limits stand. #}
{% macro byar(side, x, z=1.959963984540054) -%}
    {%- set m = x if side == 'lower' else '(' ~ x ~ ' + 1)' -%}
    {{ m }} * power(
        1 - 1.0 / (9 * {{ m }}) {{ '-' if side == 'lower' else '+' }} {{ z }} / (3 * sqrt({{ m }})), 3
    )
{%- endmacro %}

{# The two-sided 5 % point of Student's t for 2 to 11 degrees of freedom; empty for other numbers. #}
{% macro student(degrees) -%}
    case {{ degrees }}
        {%- for point in [
            4.302652729696, 3.182446305284, 2.776445105198, 2.570581835636, 2.446911851145, 2.364624251593,
            2.306004135204, 2.262157162798, 2.228138851965, 2.200985160083
        ] %}
        when {{ loop.index + 1 }} then {{ point }}
        {%- endfor %}
    end
{%- endmacro %}

{# Which interval a figure has, by its unit and numbers (no kind where nothing says how many cases it
   rests on), and those numbers in double precision: `x` of `n`, which is 1 for a count. #}
{% macro numbers_of_interval(unit, figure) -%}
    case
        when
            {{ unit }} = 'percent' and {{ figure }}.denominator > 0
            and {{ figure }}.numerator between 0 and {{ figure }}.denominator then 'share'
        when {{ unit }} = 'count' and {{ figure }}.value >= 0 then 'events'
        when {{ unit }} = 'rate_per_10k' and {{ figure }}.denominator > 0 and {{ figure }}.numerator >= 0
            then 'events'
        when {{ figure }}.numerator_squares is not null and {{ figure }}.denominator >= 20 then 'mean'
    end as kind,
    cast({{ figure }}.value as {{ double() }}) as double_value,
    cast(
        case when {{ unit }} = 'count' then {{ figure }}.value else {{ figure }}.numerator end as {{ double() }}
    ) as x,
    cast(case {{ unit }} when 'count' then 1 else {{ figure }}.denominator end as {{ double() }}) as n,
    cast({{ figure }}.numerator_squares as {{ double() }}) as squares
{%- endmacro %}

{# Its 95 % interval in its own unit: `figure` has these numbers; `exact` is the exact limit of fewer
   than 10 events. #}
{% macro interval_of(side, figure, exact) -%}
    case {{ figure }}.kind
        when 'share' then 100 * {{ wilson(side, figure ~ '.x', figure ~ '.n') }}
        when 'events'
            then
                case when {{ figure }}.x >= 10 then {{ byar(side, figure ~ '.x') }} else {{ exact }} end / {{ figure }}.n
        when 'mean'
            then
                {{ figure }}.double_value {{ '-' if side == 'lower' else '+' }} 1.959963984540054 * sqrt(
                    greatest({{ figure }}.squares - {{ figure }}.x * {{ figure }}.x / {{ figure }}.n, 0)
                    / ({{ figure }}.n - 1) / {{ figure }}.n
                )
    end
{%- endmacro %}
