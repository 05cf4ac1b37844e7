{# Funnel limits (Spiegelhalter 2005, Statistics in Medicine 24: 1185-1202) as SQL expressions over
   numbers in double precision. Shares are compared as arcsines of roots, rates as roots and means as
   they are: there the spread of chance does not depend on the value. What is counted gets 3/8 more
   (Anscombe 1948), without which 30 of 30 would lie outside the limits about 95 %. `kind` is share,
   events or mean. #}

{% macro on_even_scale(kind, x, n, more=0.375) -%}
    case {{ kind }}
        when 'share' then asin(sqrt(least(({{ x }} + {{ more }}) / ({{ n }} + {{ 2 * more }}), 1)))
        when 'events' then sqrt(({{ x }} + {{ more }}) / {{ n }})
        else {{ x }} / {{ n }}
    end
{%- endmacro %}

{# The variance of chance there; `variance` is that of one case of a mean. #}
{% macro chance_on_even_scale(kind, n, variance) -%}
    case {{ kind }}
        when 'share' then 1 / (4 * {{ n }} + 2)
        when 'events' then 1 / (4 * {{ n }})
        else {{ variance }} / {{ n }}
    end
{%- endmacro %}

{# And back, in the unit of the figure, for a council of this denominator. #}
{% macro from_even_scale(kind, y, n) -%}
    case {{ kind }}
        when 'share'
            then
                100 * least(
                    greatest(
                        power(sin(least(greatest({{ y }}, 0), 1.5707963267948966)), 2) * ({{ n }} + 0.75) - 0.375, 0
                    ) / {{ n }},
                    1
                )
        when 'events' then greatest(power(greatest({{ y }}, 0), 2) - 0.375 / {{ n }}, 0)
        else greatest({{ y }}, 0)
    end
{%- endmacro %}
