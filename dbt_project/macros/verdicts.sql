{# A figure against an official one: `similar` where the figure's own interval holds it, else
   better or worse by polarity (higher or lower where neither way is good); `unknown` where the
   figure has no interval; empty where there is nothing to compare with. #}
{% macro benchmark_verdict(polarity, value, lower_bound, upper_bound, benchmark) -%}
    case
        when {{ value }} is null or {{ benchmark }} is null then null
        when {{ lower_bound }} is null then 'unknown'
        when {{ benchmark }} between {{ lower_bound }} and {{ upper_bound }} then 'similar'
        when {{ polarity }} = 'neutral'
            then case when {{ value }} > {{ benchmark }} then 'higher' else 'lower' end
        when ({{ value }} > {{ benchmark }}) = ({{ polarity }} = 'higher') then 'better'
        else 'worse'
    end
{%- endmacro %}

{# Whether a miss is one for certain: `certain` where the whole interval is on the wrong side of the
   target, `could_be_chance` where it reaches the target, `unknown` without an interval; empty where
   the target is met, which is said plainly. #}
{% macro target_certainty(rag, polarity, target, lower_bound, upper_bound) -%}
    case
        when {{ rag }} is null or {{ rag }} = 'green' then null
        when {{ lower_bound }} is null then 'unknown'
        when {{ polarity }} = 'higher' and {{ upper_bound }} < {{ target }} then 'certain'
        when {{ polarity }} = 'lower' and {{ lower_bound }} > {{ target }} then 'certain'
        else 'could_be_chance'
    end
{%- endmacro %}

{# Where printing turns to what meets the target: half a place below the first printed figure that
   does where high is good, above the last where low is, which itself is printed as too much. #}
{% macro turning_point(polarity, target, decimals) -%}
    cast(
        case {{ decimals }}
            {%- for places in range(4) %}
            {%- set place, half = '%.*f' % (places, 10 ** -places), '%.*f' % (places + 1, 0.5 * 10 ** -places) %}
            when {{ places }}
                then
                    case
                        when {{ polarity }} = 'higher'
                            then cast(ceil({{ target }} * {{ 10 ** places }}) as decimal(18, 6)) * {{ place }} - {{ half }}
                        else cast(floor({{ target }} * {{ 10 ** places }}) as decimal(18, 6)) * {{ place }} + {{ half }}
                    end
            {%- endfor %}
        end as decimal(18, 6)
    )
{%- endmacro %}

{# How many cases more (or fewer, where low is good) would have been printed as meeting the target,
   the denominator as it is; empty where it is met or the figure has no cases of its own, as a mean.
   `turns` is the column of its turning point.
   Multiplied out before the one division, so that a whole number of cases stays whole; DuckDB keeps
   the product of two decimals of 18 digits in 18, which 90 times 11,112 overflows: one is wider, by no
   more than keeps Spark from rounding the product to have it in 38. #}
{% macro cases_to_target(rag, unit, polarity, numerator, denominator, value, turns) -%}
    {%- set short_of -%}
        case {{ unit }}
            when 'percent'
                then ({{ turns }} * cast({{ denominator }} as decimal(19, 6)) - 100 * {{ numerator }}) / 100
            when 'rate_per_10k' then {{ turns }} * cast({{ denominator }} as decimal(19, 6)) - {{ numerator }}
            when 'count' then {{ turns }} - {{ value }}
        end
    {%- endset -%}
    case
        when {{ rag }} is null or {{ rag }} = 'green' then null
        when {{ polarity }} = 'higher' then ceil({{ short_of }})
        when {{ polarity }} = 'lower' then floor(-({{ short_of }})) + 1
    end
{%- endmacro %}

{# Whether more than one case lies beyond a line, whose turning point is the column `turns`; a mean is
   looked at by what it is taken over, and where no numbers are known nothing says that it is one.
   `figure` is unit, polarity, numerator, denominator and value. #}
{% macro more_than_one_case(figure, turns) -%}
    {%- set unit, polarity, numerator, denominator, value = figure -%}
    coalesce(
        case
            when {{ unit }} in ('days', 'hours', 'weeks', 'cases') then {{ denominator }}
            else {{ cases_to_target("'red'", unit, polarity, numerator, denominator, value, turns) }}
        end,
        2
    ) >= 2
{%- endmacro %}
